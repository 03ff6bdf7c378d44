// The version that every part says it is: that of package.json, which a test compares.
export const VERSION = "0.1.0";
