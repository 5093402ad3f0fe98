// What the lines of most requests have in common: deflate begins with it, so that even a short request packs small.

/**
 * Packed lines are read with the very bytes that they were written with: this is never changed. A better one gets a
 * mark of its own beside that of `packed-lines.ts`.
 */
export const lineDictionary = Buffer.from(
  JSON.stringify([
    [
      '{"v":1,"id":"","request":"","seq":1,"type":"cancelled","at":"2026-","by":{"person":null,"via":{"surface":"github","account":"github:","name":"","ref":"IC_kwDO"}},"flow":{"name":"","commit":""},"data":{},',
    ],
    [
      '{"v":1,"id":"","request":"","seq":9,"type":"refused","at":"2026-","by":{"person":"","via":{"surface":"slack","account":"github:","name":"","ref":"IC_kwDO"}},"flow":{"name":"","commit":""},"data":{"command":"approve","code":"self-approval"},',
    ],
    [
      '{"v":1,"id":"","request":"","seq":9,"type":"deescalated","at":"2026-","by":{"system":"reconciler"},"flow":{"name":"","commit":""},"data":{"verified":"read-back","holds":"none"},',
    ],
    [
      '{"v":1,"id":"","request":"","seq":8,"type":"deescalation-started","at":"2026-","by":{"system":"sweep"},"flow":{"name":"","commit":""},"data":{"why":"expired"},',
    ],
    '{"v":1,"id":"","request":"","seq":1,"type":"requested","at":"2026-","by":{"person":"","via":{"surface":"github","account":"github:","name":"","ref":"I_kwDO"}},"flow":{"name":"","commit":""},"data":{"desk":"github:","source":"github","form":{"target":{"name":"prod","label":"Production","settings":{"organization":"","team":"","repository":"","role":""}},"duration":3600000,"fields":{"reason":""},"answers":[{"label":"Why do you need it?","text":""},{"label":"","text":""}]},"policy":{"label":"","danger":"","environment":"","strategy":{"type":"github-team"},"steps":[{"name":"","approvers":["person:","team:"],"count":1,"needs":[],"peopleOnly":false},{"name":"","approvers":["role:"],"count":2,"needs":[""],"peopleOnly":true}],"selfApproval":false,"decisionMessage":"optional","allowRevoke":["requester","approvers"],"validFor":3600000},"lapseAt":"2026-","thread":{"surface":"github","repository":"","issue":1}},"prev":null}',
    [
      '{"v":1,"id":"","request":"","seq":2,"type":"notified","at":"2026-","by":{"system":"reconciler"},"flow":{"name":"","commit":""},"data":{"notice":"card","thread":{"surface":"github","repository":"","issue":1},"ref":""},',
    ],
    [
      '{"v":1,"id":"","request":"","seq":3,"type":"approval-given","at":"2026-","by":{"person":"","via":{"surface":"github","account":"github:","name":"","ref":"IC_kwDO"}},"flow":{"name":"","commit":""},"data":{"eligible":[""],"message":""},',
    ],
    [
      '{"v":1,"id":"","request":"","seq":4,"type":"approved","at":"2026-","by":{"system":"engine"},"flow":{"name":"","commit":""},"data":{"startBy":"2026-","validUntil":"2026-"},',
    ],
    [
      '{"v":1,"id":"","request":"","seq":5,"type":"escalation-started","at":"2026-","by":{"system":"engine"},"flow":{"name":"","commit":""},"data":{"grant":{"strategy":{"type":"github-team","integration":""},"settings":{},"resource":"github-team:","account":"github:","wanted":"member","before":"none","startBy":"2026-","endBy":"2026-","duration":3600000}},',
    ],
    [
      '{"v":1,"id":"","request":"","seq":6,"type":"escalated","at":"2026-","by":{"system":"reconciler"},"flow":{"name":"","commit":""},"data":{"verified":"read-back","expiresAt":"2026-","recorded":{}},',
    ],
    [
      '{"v":1,"id":"","request":"","seq":7,"type":"notified","at":"2026-","by":{"system":"reconciler"},"flow":{"name":"","commit":""},"data":{"notice":"active","thread":{"surface":"github","repository":"","issue":1},"ref":""},',
    ],
  ]),
);
