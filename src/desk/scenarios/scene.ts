// The names that every scenario plays under: no real desk and no real request has them.
import { deskId, requestId } from '../../domain/names.ts';

export const sceneDesk = deskId('scenario', 0);
export const sceneRequest = requestId('01000000000000000000000000');
