// W3C trace context: what is one is carried, and what is none is not.
import { describe, expect, it } from "vitest";
import {
  parseTraceParent,
  traceFields,
  traceParentOf,
  traceParentText,
} from "../../../src/domain/trace-context.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

describe("a trace context", () => {
  it.each([
    ["01", true],
    ["00", false],
    ["03", true],
    ["fe", false],
  ])("with the flags %s is kept: %s", (flags, isSampled) => {
    const text = `00-${TRACE}-${SPAN}-${flags}`;
    expect(parseTraceParent(text)).toEqual({ traceId: TRACE, spanId: SPAN, isSampled });
    expect(traceParentOf(text)).toBe(text);
    expect(traceFields(text)).toEqual({ trace_id: TRACE });
  });

  it.each([true, false])("is written as it is read (kept: %s)", (isSampled) => {
    const context = { traceId: TRACE, spanId: SPAN, isSampled };
    expect(parseTraceParent(traceParentText(context))).toEqual(context);
  });

  it.each([
    null,
    "",
    `00-${"0".repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `01-${TRACE}-${SPAN}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-1`,
    `00-${TRACE}-${SPAN}-01 `,
    ` 00-${TRACE}-${SPAN}-01`,
    `00-${TRACE}0-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
  ])("is not %j", (text) => {
    expect(parseTraceParent(text)).toBeNull();
    expect(traceParentOf(text)).toBeNull();
    expect(traceFields(text)).toEqual({});
  });
});
