// Ends the session of this browser.
import { ask, signInNeeded } from "../api/request.ts";
import { status } from "../state/house.ts";

export function SignOut() {
  const leave = async (): Promise<void> => {
    await ask("/api/auth/session", { method: "DELETE" });
    signInNeeded.value = true;
  };
  return (
    <p>
      Signed in as <b>{status.value.value?.sender.actor}</b>{" "}
      <button type="button" class="button small" onClick={() => void leave()}>
        Sign out
      </button>
    </p>
  );
}
