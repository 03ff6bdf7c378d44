// Numbers of a JSON request, read from their own digits.
export { NumberText, plainNotation } from "../domain/number-text.ts";
