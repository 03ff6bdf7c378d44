// Where keys are required: the key is sent once, and kept by the browser where no script can read it.
import { useState } from "preact/hooks";
import { ask, signInNeeded } from "../api/request.ts";
import { OutcomeLine, useAction } from "../elements/action.tsx";

export function SignIn() {
  const [key, setKey] = useState("");
  const action = useAction();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const done = await action.run(async () => {
      await ask("/api/auth/session", { method: "POST", body: { key } });
      return "Signed in.";
    });
    if (done) signInNeeded.value = false;
  };
  return (
    <main class="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <h1>Fillstream</h1>
        <label class="field">
          API key
          <input
            type="password"
            name="key"
            autoComplete="current-password"
            required
            value={key}
            onInput={({ currentTarget }) => setKey(currentTarget.value.trim())}
          />
        </label>
        <OutcomeLine outcome={action.outcome} />
        <button type="submit" class="button primary" disabled={action.isRunning}>
          Sign in
        </button>
      </form>
    </main>
  );
}
