// The one shape of `fetch` that is handed around, so that tests and the sandbox can stand in for the network.
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
