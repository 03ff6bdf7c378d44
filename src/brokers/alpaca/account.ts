// One Alpaca account behind the broker port: orders straight on the wire, reads through the SDK's
// classes, facts from the stream of trade updates.
import type { trading } from "@alpacahq/alpaca-trade-api/rest";
import type { z } from "zod";
import type { BrokerAccount, BrokerActivity, BrokerPosition } from "../../domain/broker.ts";
import type { Instrument } from "../../domain/instrument.ts";
import type { BrokerAccountPort, BrokerExecution, CallOptions } from "../../ports/broker.ts";
import { AlpacaOrderCalls } from "./order-calls.ts";
import { AlpacaOrderReads } from "./order-reads.ts";
import { instrumentOf } from "./instrument.ts";
import type { WireFill } from "./schema.ts";
import { accountOf, activityOf, executionOfFill, positionOf } from "./map.ts";
import { connectOf, refuseMixedEndpoint } from "./options.ts";
import type { AlpacaAccountOptions } from "./options.ts";
import { pagesOf } from "./paging.ts";
import { AlpacaRest } from "./rest.ts";
import { LedgerRows } from "./rows.ts";
import { joinSplits } from "./split-halves.ts";
import {
  accountSchema,
  activitySchema,
  assetSchema,
  clockSchema,
  FILL_TYPES,
  fillSchema,
  positionsSchema,
  rowsSchema,
} from "./schema.ts";
import { listenToTradeUpdates } from "./trade-stream.ts";
import { ALPACA_TRAITS, CALL_TIMEOUT_MS } from "./traits.ts";
import { AlpacaWire } from "./wire.ts";

const PAGE = 100;
/** Whether `after` includes its own instant is not documented; repeats are recognised by their ids. */
const OVERLAP_MS = 1;
/** Entries that are not trades only carry a day, and may be posted a day late. */
const ACTIVITY_OVERLAP_MS = 2 * 24 * 60 * 60 * 1_000;

export function createAlpacaAccount(options: AlpacaAccountOptions): BrokerAccountPort {
  refuseMixedEndpoint(options);
  const { accountId, clock, directory, keyId, secret } = options;
  const wire = new AlpacaWire({
    baseUrl: options.tradingUrl,
    keyId,
    secret,
    clock,
    timeoutMs: options.callTimeoutMs ?? CALL_TIMEOUT_MS,
    ...connectOf(options),
  });
  const rest = new AlpacaRest(wire);
  const calls = new AlpacaOrderCalls({ wire, directory });
  const orders = new AlpacaOrderReads(rest, directory);
  const ledger = new AlpacaLedger(rest, options);
  return {
    accountId,
    traits: ALPACA_TRAITS,
    submit: (request, call) => calls.submit(request, call),
    cancel: (brokerOrderId, call) => calls.cancel(brokerOrderId, call),
    replace: (request, call) => calls.replace(request, call),
    findByReference: (reference, call) => orders.byReference(reference, call),
    findById: (brokerOrderId, call) => orders.byId(brokerOrderId, call),
    openOrders: (call) => orders.open(call),
    ordersSince: (since, call) => orders.since(since, call),
    executionsSince: (since, call) => ledger.executionsSince(since, call),
    activitiesSince: (since, call) => ledger.activitiesSince(since, call),
    positions: (call) => ledger.positions(call),
    account: (call) => ledger.account(call),
    time: (call) => ledger.time(call),
    instrument: (symbol, call) => ledger.instrument(symbol, call),
    rateBudget: () => wire.budget(),
    listen: (listener) =>
      listenToTradeUpdates({ accountId, clock, directory, endpoint: options, listener }),
  };
}

/** A list of what happened, and since when. */
interface Past {
  readonly what: string;
  readonly rows: LedgerRows;
  readonly since: number;
  readonly call: CallOptions;
  readonly ask: Pick<trading.GetAccountActivitiesRequest, "activityTypes" | "category">;
}

/** What the account holds and what happened to it. */
class AlpacaLedger {
  readonly #rest: AlpacaRest;
  readonly #options: AlpacaAccountOptions;
  readonly #fills: LedgerRows;
  readonly #entries: LedgerRows;

  constructor(rest: AlpacaRest, options: AlpacaAccountOptions) {
    this.#rest = rest;
    this.#options = options;
    this.#fills = new LedgerRows("fill", options.clock);
    this.#entries = new LedgerRows("entry", options.clock);
  }

  async *executionsSince(
    since: number,
    call: CallOptions,
  ): AsyncGenerator<readonly BrokerExecution[]> {
    const pages = this.#pages(fillSchema, {
      ...{ what: "fills", rows: this.#fills, since: since - OVERLAP_MS, call },
      ask: { activityTypes: ["FILL"] },
    });
    for await (const fills of pages) {
      yield fills
        .filter((fill) => this.#isFill(fill, call))
        .map((fill) => executionOfFill(fill, this.#options.directory));
    }
  }

  /** What is no fill moves nothing; if it should have, the position differs and is told as well. */
  #isFill(fill: WireFill, call: CallOptions): boolean {
    const { id, type } = fill;
    if (type === null || FILL_TYPES.has(type)) return true;
    const cause = `the activity ${id} is a FILL of the type ${type}`;
    this.#fills.tellOnce(id, { raw: fill, cause, call });
    return false;
  }

  async activitiesSince(since: number, call: CallOptions): Promise<readonly BrokerActivity[]> {
    const entries: z.output<typeof activitySchema>[] = [];
    const pages = this.#pages(activitySchema, {
      ...{ what: "activities", rows: this.#entries, since: since - ACTIVITY_OVERLAP_MS, call },
      ask: { category: "non_trade_activity" },
    });
    for await (const page of pages) entries.push(...page);
    return joinSplits(entries).map((entry) => activityOf(entry, this.#options.directory));
  }

  async *#pages<Schema extends z.ZodType>(
    schema: Schema,
    { what, rows, since, call, ask }: Past,
  ): AsyncGenerator<readonly z.output<Schema>[]> {
    const from = rows.from(since, call);
    const read = async (pageToken: string | null) => {
      const found = await this.#rest.read(what, rowsSchema, call, (init) =>
        this.#rest.activities.getAccountActivitiesRaw({ ...ask, ...pageOf(from, pageToken) }, init),
      );
      return found.map((raw) => rows.read(schema, raw, { since: from, call }));
    };
    for await (const found of pagesOf({ size: PAGE, read })) {
      yield found.flatMap(({ value }) => (value === null ? [] : [value]));
    }
  }

  async positions(call: CallOptions): Promise<readonly BrokerPosition[]> {
    const positions = await this.#rest.read("positions", positionsSchema, call, (init) =>
      this.#rest.positions.getAllOpenPositionsRaw(init),
    );
    return positions.map((position) => positionOf(position, this.#options.directory));
  }

  async account(call: CallOptions): Promise<BrokerAccount> {
    const account = await this.#rest.read("account", accountSchema, call, (init) =>
      this.#rest.accounts.getAccountRaw(init),
    );
    return accountOf(account);
  }

  async time(call: CallOptions): Promise<number> {
    const clock = await this.#rest.read("clock", clockSchema, call, (init) =>
      this.#rest.clock.legacyClockRaw(init),
    );
    return clock.timestamp;
  }

  async instrument(symbol: string, call: CallOptions): Promise<Instrument | null> {
    const asset = await this.#rest.find("asset", assetSchema, call, (init) =>
      this.#rest.assets.getV2AssetsSymbolOrAssetIdRaw({ symbolOrAssetId: symbol }, init),
    );
    return asset === null ? null : instrumentOf(asset, this.#options.rules);
  }
}

function pageOf(after: number, pageToken: string | null) {
  const page = { after: new Date(after), direction: "asc", pageSize: PAGE } as const;
  return pageToken === null ? page : { ...page, pageToken };
}
