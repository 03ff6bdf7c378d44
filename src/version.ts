// The version that every part says it is.
export const VERSION = "0.1.0";
