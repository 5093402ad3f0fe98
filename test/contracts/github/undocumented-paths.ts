// Paths that GitHub serves and its OpenAPI description leaves out, each with the described path whose shapes it shares.
export interface UndocumentedPath {
  readonly pattern: RegExp;
  /** A described path, as a replacement for `pattern`. */
  readonly standsFor: string;
  readonly reason: string;
}

export const undocumentedPaths: readonly UndocumentedPath[] = [
  {
    pattern: /^\/repositories\/([0-9]+)(?=\/|$)/,
    standsFor: '/repos/by-id/$1',
    reason:
      'A repository by its id outlives renames. GitHub itself gives this form in the Link headers of pages and in the Location of a renamed repository.',
  },
  {
    pattern: /^\/organizations\/([0-9]+)\/team\/([0-9]+)(?=\/|$)/,
    standsFor: '/orgs/$1/teams/$2',
    reason:
      'A team by ids: named in the prose of each `/orgs/{org}/teams/{team_slug}` operation, and used in Link headers.',
  },
  {
    pattern: /^\/organizations\/([0-9]+)(?=\/|$)/,
    standsFor: '/orgs/$1',
    reason: 'An organization by its id: what GitHub gives in the Link headers of pages.',
  },
];
