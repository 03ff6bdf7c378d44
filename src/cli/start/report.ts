// Tells of trouble in log lines; the logger is loaded with the first one, since most starts have none.
import type { LogSettings } from "../../log.ts";

export type Report = (
  level: "info" | "error",
  details: Readonly<Record<string, unknown>>,
  message: string,
) => void;

export function reporter(settings: LogSettings): Report {
  return (level, details, message) => {
    void import("../../log.ts").then(({ createLogger }) => {
      createLogger("start", settings)[level](details, message);
    });
  };
}
