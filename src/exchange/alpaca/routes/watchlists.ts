// Watchlists, by id and by name.
import type { Asset } from "../../core/asset.ts";
import type { AlpacaContext } from "../context.ts";
import { assetJson } from "../json/asset.ts";
import { millisTimestamp } from "../json/time.ts";
import type { JsonObject } from "../order-fields.ts";
import { decodeObject } from "../order-fields.ts";
import type { Watchlist } from "../watchlists.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { invalid, json, NO_CONTENT, notFound } from "../wire.ts";

const MAX_NAME = 64;
const MAX_LISTS = 200;

function bare(list: Watchlist): Record<string, unknown> {
  return {
    id: list.id,
    account_id: list.accountId,
    created_at: millisTimestamp(list.createdAt),
    updated_at: millisTimestamp(list.updatedAt),
    name: list.name,
  };
}

function whole(list: Watchlist): WireAnswer {
  return json(200, { ...bare(list), assets: list.assets.map(assetJson) });
}

function find(context: AlpacaContext, request: WireRequest): Watchlist {
  const { watchlist_id: id } = request.params;
  const name = request.query.get("name");
  const own = context.watchlists.of(request.account.id);
  const found = own.find((list) => (id === undefined ? list.name === name : list.id === id));
  if (found === undefined) throw notFound(`watchlist not found: ${id ?? name ?? ""}`);
  return found;
}

function nameFrom(body: JsonObject): string | null {
  const { name } = body;
  if (name === undefined || name === null) return null;
  if (typeof name !== "string" || name === "" || name.length > MAX_NAME) {
    throw invalid("watchlist name is invalid");
  }
  return name;
}

function assetNamed(context: AlpacaContext, symbol: unknown): Asset {
  const asset = typeof symbol === "string" ? context.assets.find(symbol) : null;
  if (asset === null) throw invalid(`could not find asset "${String(symbol)}"`);
  return asset;
}

function symbolsFrom(context: AlpacaContext, body: JsonObject): Asset[] | null {
  const { symbols } = body;
  if (symbols === undefined || symbols === null) return null;
  if (!Array.isArray(symbols)) throw invalid("symbols must be a list");
  return symbols.map((symbol) => assetNamed(context, symbol));
}

function unique(context: AlpacaContext, request: WireRequest, name: string, but?: Watchlist): void {
  const taken = context.watchlists
    .of(request.account.id)
    .some((list) => list.name === name && list !== but);
  if (taken) throw invalid("watchlist name must be unique");
}

export function listWatchlists(context: AlpacaContext, { account }: WireRequest): WireAnswer {
  return json(200, context.watchlists.of(account.id).map(bare));
}

export function createWatchlist(context: AlpacaContext, request: WireRequest): WireAnswer {
  const body = decodeObject(request.body);
  const name = nameFrom(body);
  if (name === null) throw invalid("watchlist name is required");
  unique(context, request, name);
  if (context.watchlists.of(request.account.id).length >= MAX_LISTS) {
    throw invalid("too many watchlists");
  }
  const list: Watchlist = {
    id: context.exchange.ids.next(),
    accountId: request.account.id,
    createdAt: request.now,
    updatedAt: request.now,
    name,
    assets: symbolsFrom(context, body) ?? [],
  };
  context.watchlists.add(list);
  return whole(list);
}

export function getWatchlist(context: AlpacaContext, request: WireRequest): WireAnswer {
  return whole(find(context, request));
}

export function updateWatchlist(context: AlpacaContext, request: WireRequest): WireAnswer {
  const list = find(context, request);
  const body = decodeObject(request.body);
  const name = nameFrom(body);
  const assets = symbolsFrom(context, body);
  if (name !== null) unique(context, request, name, list);
  list.name = name ?? list.name;
  list.assets = assets ?? list.assets;
  list.updatedAt = request.now;
  return whole(list);
}

export function addToWatchlist(context: AlpacaContext, request: WireRequest): WireAnswer {
  const list = find(context, request);
  const asset = assetNamed(context, decodeObject(request.body).symbol);
  if (list.assets.includes(asset)) throw invalid("asset is already in the watchlist");
  list.assets.push(asset);
  list.updatedAt = request.now;
  return whole(list);
}

export function removeFromWatchlist(context: AlpacaContext, request: WireRequest): WireAnswer {
  const list = find(context, request);
  const asset = context.assets.find(request.params.symbol ?? "");
  if (asset === null || !list.assets.includes(asset)) {
    throw notFound(`symbol not found: ${request.params.symbol ?? ""}`);
  }
  list.assets = list.assets.filter((kept) => kept !== asset);
  list.updatedAt = request.now;
  return whole(list);
}

export function deleteWatchlist(context: AlpacaContext, request: WireRequest): WireAnswer {
  context.watchlists.remove(find(context, request));
  return NO_CONTENT;
}
