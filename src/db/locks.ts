// The names of our advisory locks.

/** The first key of them all; the second says which. */
export const LOCK_CLASS = 1_179_208_780;
export const MIGRATION_LOCK = 1;
