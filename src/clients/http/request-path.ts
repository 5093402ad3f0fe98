// The path of a request that a flow has sent: below the address of its integration.

export const requestPath = {
  type: 'string',
  pattern: '^/[^\\s\\\\#]{0,1000}$',
  wants: 'a path that begins with /, without spaces and without #',
  description: 'Below `base_url`. An answer may stand in it where the flow limits it; it is percent-encoded.',
} as const;
