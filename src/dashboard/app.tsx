// The page as a whole: what is always there, the tables, and what is opened beside them.
import { signInNeeded } from "./api/request.ts";
import { Activity } from "./parts/activity.tsx";
import { Banner } from "./parts/banner.tsx";
import { EquityPanel } from "./parts/equity.tsx";
import { LimitEditor } from "./parts/limit-editor.tsx";
import { LimitsPanel } from "./parts/limits.tsx";
import { HealthDrawer } from "./parts/health.tsx";
import { OrderDrawer } from "./parts/order-drawer.tsx";
import { OrdersPanel } from "./parts/orders.tsx";
import { PositionsPanel } from "./parts/positions.tsx";
import { SignalDrawer } from "./parts/signal-drawer.tsx";
import { SignalsPanel } from "./parts/signals.tsx";
import { SignIn } from "./parts/sign-in.tsx";
import { SymbolDrawer } from "./parts/symbol-drawer.tsx";
import { Ticket } from "./parts/ticket.tsx";
import { TopBar } from "./parts/top-bar.tsx";
import { isStale } from "./state/connection.ts";
import { status } from "./state/house.ts";
import { place } from "./state/place.ts";
import { useShortcuts } from "./shortcuts.ts";

export function App() {
  useShortcuts();
  if (signInNeeded.value) return <SignIn />;
  const mode = status.value.value?.mode ?? "unknown";
  return (
    <div class={`page mode-${mode} ${isStale.value ? "is-stale" : ""}`}>
      <a class="skip" href="#positions">
        Skip to the positions
      </a>
      <TopBar />
      <Banner />
      <main class="grid">
        <PositionsPanel />
        <OrdersPanel />
        <SignalsPanel />
        <EquityPanel />
        <LimitsPanel />
        <Activity />
      </main>
      <Beside />
    </div>
  );
}

function Beside() {
  const { kind, id } = place.value ?? { kind: null, id: "" };
  switch (kind) {
    case "order":
      return <OrderDrawer key={id} id={id} />;
    case "signal":
      return <SignalDrawer key={id} id={id} />;
    case "symbol":
      return <SymbolDrawer key={id} id={id} />;
    case "limit":
      return <LimitEditor key={id} limitKey={id} />;
    case "ticket":
      return <Ticket key={id} symbol={id} />;
    case "health":
      return <HealthDrawer />;
    case null:
      return null;
  }
}
