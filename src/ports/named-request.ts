// A request that its sender named: what it changes is changed once, and what came of it is kept for
// whoever sends it again.

export interface NamedRequest {
  /** Whose name it is, and for which kind of request. */
  readonly scope: string;
  readonly key: string;
  /** The canonical text of what is asked: the same name is for the same request only. */
  readonly fingerprint: string;
}

/** What came of the request that was first with its name. */
export interface Once<Outcome> {
  readonly outcome: Outcome;
  /** Nothing was done now: it was done before. */
  readonly isReplay: boolean;
}

/** The name belongs to another request of the same sender. */
export class NameTaken extends Error {
  override readonly name = "NameTaken";
  readonly fingerprint: string;
  readonly first: string;
  constructor(fingerprint: string, first: string) {
    super("this name belongs to another request");
    this.fingerprint = fingerprint;
    this.first = first;
  }
}
