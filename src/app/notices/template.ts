// A notice as the service at the other end reads it.
import type { Notice } from "./notice.ts";

export const TEMPLATES = ["json", "slack", "discord", "telegram"] as const;
export type Template = (typeof TEMPLATES)[number];

/** Discord cuts at 2,000 characters, Telegram at 4,096; a notice is a sentence. */
const LONGEST_TEXT = 1_900;

export function render(template: Template, notice: Notice): string {
  const text = notice.text.slice(0, LONGEST_TEXT);
  switch (template) {
    case "json":
      return JSON.stringify(notice);
    case "slack":
      return JSON.stringify({ text: slackText(text) });
    case "discord":
      // A notice quotes reasons that others wrote: it must not call everybody.
      return JSON.stringify({ content: text, allowed_mentions: { parse: [] } });
    case "telegram":
      // The chat is named in the address: …/sendMessage?chat_id=…
      return JSON.stringify({ text, disable_web_page_preview: true });
  }
}

/** Slack reads three characters as markup. */
function slackText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
