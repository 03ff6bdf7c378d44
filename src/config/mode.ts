// Mock, paper or live, and the refusals that keep one from being taken for another.
import type { Values } from "./variables.ts";

export type Mode = "mock" | "paper" | "live";

export function modeOf(values: Values): Mode {
  if (keyIsMock(values)) return "mock";
  return values.ALPACA_PAPER === false ? "live" : "paper";
}

function keyIsMock({ ALPACA_API_KEY }: Values): boolean {
  return ALPACA_API_KEY === null || ALPACA_API_KEY.reveal().toLowerCase() === "mock";
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** What is wrong between variables that are each right. */
export function crossCheck(values: Values): string[] {
  return [
    ...moneyProblems(values),
    ...keyProblems(values),
    ...hostProblems(values),
    ...clockProblems(values),
    ...callerProblems(values),
  ];
}

/** Real money takes two words, so that no slip of one starts it. */
function moneyProblems(values: Values): string[] {
  const { TRADING_MODE: said, ALPACA_PAPER: paper } = values;
  if (paper === false && said !== "live") {
    return [
      "ALPACA_PAPER is false, which means real money: set TRADING_MODE=live as well, or ALPACA_PAPER=true.",
    ];
  }
  if (said === "live" && paper === true) {
    return [
      "TRADING_MODE is live, but ALPACA_PAPER is true: set ALPACA_PAPER=false as well, or unset TRADING_MODE.",
    ];
  }
  if (said === "live" && keyIsMock(values)) {
    return ["TRADING_MODE is live, but there is no Alpaca key: set ALPACA_API_KEY."];
  }
  return [];
}

function keyProblems(values: Values): string[] {
  const problems: string[] = [];
  const isMock = keyIsMock(values);
  if (!isMock && values.ALPACA_API_SECRET === null) {
    problems.push("ALPACA_API_SECRET is unset: a real ALPACA_API_KEY needs its secret.");
  }
  if (isMock && values.TRADING_MODE === "paper") {
    problems.push("TRADING_MODE is paper, but there is no Alpaca key: set ALPACA_API_KEY.");
  }
  if (!isMock && values.TRADING_MODE === "mock") {
    problems.push("TRADING_MODE is mock, but ALPACA_API_KEY is a real key: unset one of them.");
  }
  return problems;
}

/** A broker's account is nobody's plaything: without keys it is for this machine alone. */
function callerProblems(values: Values): string[] {
  if (values.AUTH !== "off" || modeOf(values) === "mock") return [];
  if (values.HOST === null || isLoopback(values.HOST)) return [];
  return [
    "AUTH is off, but HOST lets other machines trade on a broker's account: set AUTH=keys, or HOST=127.0.0.1.",
  ];
}

/** A wrong host would send one account's orders under another's name. */
function hostProblems(values: Values): string[] {
  const host = values.ALPACA_BASE_URL === null ? "" : new URL(values.ALPACA_BASE_URL).hostname;
  const mode = modeOf(values);
  if (mode === "mock" && host.endsWith("alpaca.markets")) {
    return [
      "ALPACA_BASE_URL is Alpaca itself, but without a key Fillstream is in mock mode: set ALPACA_API_KEY, or unset ALPACA_BASE_URL.",
    ];
  }
  if (mode === "paper" && host === "api.alpaca.markets") {
    return [
      "ALPACA_BASE_URL is the host of real money, but ALPACA_PAPER is true: unset one of them.",
    ];
  }
  if (mode === "live" && host === "paper-api.alpaca.markets") {
    return ["ALPACA_BASE_URL is the paper host, but ALPACA_PAPER is false: unset one of them."];
  }
  return [];
}

function clockProblems(values: Values): string[] {
  if (values.MOCK_CLOCK === null || modeOf(values) === "mock") return [];
  return ["MOCK_CLOCK is set, but only mock mode has a clock of its own: unset it."];
}
