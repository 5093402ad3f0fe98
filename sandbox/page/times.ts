/// <reference lib="dom" />
// Moments as people say them, by the clock of the sandbox.
import { h } from './dom.ts';

let offsetMs = 0;

/** How far the sandbox is ahead of this machine. */
export function setOffset(ms: number): void {
  offsetMs = ms;
}

export function nowMs(): number {
  return Date.now() + offsetMs;
}

/** "3 min ago", with the instant itself on hover. */
export function ago(at: string): HTMLElement {
  return h('time', { datetime: at, title: at }, agoText(at));
}

/** What was drawn a while ago, or before the clock was pushed, says how long ago it is by now. */
export function tellTimes(): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>('time[datetime]')) {
    const text = agoText(time.dateTime);
    if (time.textContent !== text) time.textContent = text;
  }
}

function agoText(at: string): string {
  const past = nowMs() - Date.parse(at);
  return past < 60_000 ? 'now' : `${span(past)} ago`;
}

/** "in 2 h 5 min", or "now". */
export function until(at: string): string {
  const left = Date.parse(at) - nowMs();
  return left < 1000 ? 'now' : `in ${span(left)}`;
}

/** "25 min", "2 h 5 min", "3 d 4 h". */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return join(`${hours} h`, minutes % 60, 'min');
  return join(`${Math.floor(hours / 24)} d`, hours % 24, 'h');
}

function join(first: string, rest: number, unit: string): string {
  return rest === 0 ? first : `${first} ${rest} ${unit}`;
}

/** "Sat 21 Nov, 14:32:05 UTC" */
export function clockText(): string {
  const [weekday = '', rest = ''] = new Date(nowMs()).toUTCString().split(', ');
  const [day = '', month = '', , time = ''] = rest.split(' ');
  return `${weekday} ${Number(day)} ${month}, ${time} UTC`;
}
