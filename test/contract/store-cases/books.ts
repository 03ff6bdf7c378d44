// The book that is loaded is the book that lived, whatever happened to it, cut into commits anywhere.
import { expect, it } from "vitest";
import { Desk, MORNING, type StoreUnderTest } from "./scene.ts";
import { SCENES } from "./scenes.ts";
import { bookTold } from "./told.ts";

export function bookCases(under: () => StoreUnderTest): void {
  for (const [name, scene] of Object.entries(SCENES)) {
    it(`loads the book that lived: ${name}`, async () => {
      const { store } = under();
      const desk = await Desk.open(store, 0);
      for (const [step, events] of scene(desk).entries()) {
        desk.now = MORNING + 1_000 * (step + 1);
        expect(await desk.commit(...events)).toEqual({ result: "committed" });
        expect(bookTold(await store.loadBook(0))).toEqual(bookTold(desk.book));
      }
    });

    it(`loads the book that lived, from one commit: ${name}`, async () => {
      const { store } = under();
      const desk = await Desk.open(store, 0);
      const events = scene(desk).flat();
      expect(await desk.commit(...events)).toEqual({ result: "committed" });
      expect(bookTold(await store.loadBook(0))).toEqual(bookTold(desk.book));
    });
  }
}
