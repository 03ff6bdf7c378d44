// A promise of which can be seen whether it is over, and whose failure waits until somebody asks for it.

export class UnderWay<Result> {
  readonly result: Promise<Result>;
  #isOver = false;

  constructor(result: Promise<Result>) {
    this.result = result;
    const end = (): void => {
      this.#isOver = true;
    };
    result.then(end, end);
  }

  get isOver(): boolean {
    return this.#isOver;
  }
}
