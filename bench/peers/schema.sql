-- What a peer keeps: the same facts as Fillstream's tables, without the log, the verdicts and the history.
CREATE TABLE signals (
  id uuid PRIMARY KEY,
  client_signal_id text NOT NULL UNIQUE,
  body jsonb NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE orders (
  id uuid PRIMARY KEY,
  signal_id uuid NOT NULL REFERENCES signals (id),
  symbol text NOT NULL,
  side text NOT NULL CHECK (side IN ('buy', 'sell')),
  qty numeric NOT NULL CHECK (qty > 0),
  status text NOT NULL,
  broker_order_id text,
  filled_qty numeric NOT NULL DEFAULT 0,
  filled_price numeric,
  placed_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX orders_open ON orders (placed_at) WHERE status NOT IN ('filled', 'rejected', 'cancelled');
CREATE INDEX orders_symbol ON orders (symbol, id);
CREATE TABLE executions (
  id text PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES orders (id),
  qty numeric NOT NULL CHECK (qty > 0),
  price numeric NOT NULL,
  executed_at timestamptz NOT NULL
);
CREATE TABLE positions (
  symbol text PRIMARY KEY,
  qty numeric NOT NULL,
  cost numeric NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
