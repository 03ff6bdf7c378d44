// What the simulated exchange lists, and where its prices start. Data, in the order people expect it.

export interface StockListing {
  readonly symbol: string;
  readonly name: string;
  readonly exchange: "NASDAQ" | "NYSE" | "ARCA" | "BATS" | "AMEX";
  readonly start: string;
  /** Typical move in a day, in hundredths of a percent. */
  readonly dailyBasisPoints: number;
  readonly limits?: readonly ("not_tradable" | "not_fractionable" | "not_shortable")[];
}

export interface CryptoListing {
  readonly symbol: string;
  readonly name: string;
  readonly start: string;
  readonly tick: string;
  readonly dailyBasisPoints: number;
  /** What the quote shows on each side, in coins. */
  readonly displayed: string;
}

type StockRow = readonly [string, string, StockListing["exchange"], string, number];

const STOCK_ROWS: readonly StockRow[] = [
  ["AAPL", "Apple Inc. Common Stock", "NASDAQ", "232.50", 150],
  ["MSFT", "Microsoft Corporation Common Stock", "NASDAQ", "498.20", 140],
  ["TSLA", "Tesla, Inc. Common Stock", "NASDAQ", "342.10", 340],
  ["NVDA", "NVIDIA Corporation Common Stock", "NASDAQ", "178.40", 270],
  ["SPY", "SPDR S&P 500 ETF Trust", "ARCA", "648.75", 90],
  ["QQQ", "Invesco QQQ Trust, Series 1", "NASDAQ", "578.30", 120],
  ["AMZN", "Amazon.com, Inc. Common Stock", "NASDAQ", "226.15", 180],
  ["GOOGL", "Alphabet Inc. Class A Common Stock", "NASDAQ", "203.60", 170],
  ["GOOG", "Alphabet Inc. Class C Capital Stock", "NASDAQ", "204.45", 170],
  ["META", "Meta Platforms, Inc. Class A Common Stock", "NASDAQ", "742.80", 200],
  ["NFLX", "Netflix, Inc. Common Stock", "NASDAQ", "1187.40", 190],
  ["AMD", "Advanced Micro Devices, Inc. Common Stock", "NASDAQ", "167.90", 310],
  ["INTC", "Intel Corporation Common Stock", "NASDAQ", "24.35", 280],
  ["AVGO", "Broadcom Inc. Common Stock", "NASDAQ", "312.25", 260],
  ["QCOM", "QUALCOMM Incorporated Common Stock", "NASDAQ", "157.30", 200],
  ["CSCO", "Cisco Systems, Inc. Common Stock", "NASDAQ", "68.10", 120],
  ["ADBE", "Adobe Inc. Common Stock", "NASDAQ", "352.70", 190],
  ["CRM", "Salesforce, Inc. Common Stock", "NYSE", "248.90", 200],
  ["ORCL", "Oracle Corporation Common Stock", "NYSE", "236.40", 220],
  ["IBM", "International Business Machines Corporation", "NYSE", "242.60", 130],
  ["PYPL", "PayPal Holdings, Inc. Common Stock", "NASDAQ", "68.45", 220],
  ["UBER", "Uber Technologies, Inc. Common Stock", "NYSE", "93.20", 220],
  ["SHOP", "Shopify Inc. Class A", "NASDAQ", "141.75", 320],
  ["COIN", "Coinbase Global, Inc. Class A Common Stock", "NASDAQ", "318.60", 420],
  ["PLTR", "Palantir Technologies Inc. Class A", "NASDAQ", "156.80", 380],
  ["JPM", "JPMorgan Chase & Co. Common Stock", "NYSE", "298.15", 130],
  ["BAC", "Bank of America Corporation Common Stock", "NYSE", "49.60", 140],
  ["WFC", "Wells Fargo & Company Common Stock", "NYSE", "80.35", 150],
  ["GS", "The Goldman Sachs Group, Inc. Common Stock", "NYSE", "738.50", 160],
  ["MS", "Morgan Stanley Common Stock", "NYSE", "147.20", 150],
  ["C", "Citigroup Inc. Common Stock", "NYSE", "95.85", 160],
  ["V", "Visa Inc. Class A Common Stock", "NYSE", "349.70", 110],
  ["MA", "Mastercard Incorporated Class A", "NYSE", "592.40", 110],
  ["BRK.B", "Berkshire Hathaway Inc. Class B", "NYSE", "489.30", 90],
  ["JNJ", "Johnson & Johnson Common Stock", "NYSE", "176.90", 90],
  ["PFE", "Pfizer, Inc. Common Stock", "NYSE", "24.85", 130],
  ["MRK", "Merck & Company, Inc. Common Stock", "NYSE", "84.20", 130],
  ["UNH", "UnitedHealth Group Incorporated", "NYSE", "308.75", 220],
  ["LLY", "Eli Lilly and Company Common Stock", "NYSE", "734.60", 210],
  ["ABBV", "AbbVie Inc. Common Stock", "NYSE", "210.30", 120],
  ["XOM", "Exxon Mobil Corporation Common Stock", "NYSE", "111.45", 130],
  ["CVX", "Chevron Corporation Common Stock", "NYSE", "157.80", 130],
  ["KO", "The Coca-Cola Company Common Stock", "NYSE", "69.25", 80],
  ["PEP", "PepsiCo, Inc. Common Stock", "NASDAQ", "148.60", 100],
  ["MCD", "McDonald's Corporation Common Stock", "NYSE", "314.20", 90],
  ["SBUX", "Starbucks Corporation Common Stock", "NASDAQ", "87.15", 160],
  ["NKE", "NIKE, Inc. Class B Common Stock", "NYSE", "77.90", 190],
  ["DIS", "The Walt Disney Company Common Stock", "NYSE", "118.35", 140],
  ["WMT", "Walmart Inc. Common Stock", "NYSE", "96.70", 110],
  ["COST", "Costco Wholesale Corporation Common Stock", "NASDAQ", "958.40", 110],
  ["HD", "The Home Depot, Inc. Common Stock", "NYSE", "411.25", 120],
  ["TGT", "Target Corporation Common Stock", "NYSE", "97.60", 190],
  ["F", "Ford Motor Company Common Stock", "NYSE", "11.75", 190],
  ["GM", "General Motors Company Common Stock", "NYSE", "58.40", 190],
  ["BA", "The Boeing Company Common Stock", "NYSE", "234.80", 190],
  ["CAT", "Caterpillar, Inc. Common Stock", "NYSE", "432.15", 160],
  ["GE", "GE Aerospace Common Stock", "NYSE", "275.90", 160],
  ["T", "AT&T Inc. Common Stock", "NYSE", "28.65", 100],
  ["VZ", "Verizon Communications Inc. Common Stock", "NYSE", "44.20", 90],
  ["IWM", "iShares Russell 2000 ETF", "ARCA", "233.10", 130],
  ["DIA", "SPDR Dow Jones Industrial Average ETF Trust", "ARCA", "455.60", 80],
  ["GLD", "SPDR Gold Shares", "ARCA", "312.40", 100],
  ["TLT", "iShares 20+ Year Treasury Bond ETF", "NASDAQ", "87.35", 90],
  ["SQQQ", "ProShares UltraPro Short QQQ", "NASDAQ", "17.45", 360],
  ["SNDL", "SNDL Inc. Common Shares", "NASDAQ", "2.45", 300],
];

/** Listings that are there for what they do not allow. */
const SPECIAL: readonly StockListing[] = [
  {
    symbol: "MULN",
    name: "Mullen Automotive, Inc. Common Stock",
    exchange: "NASDAQ",
    start: "0.2150",
    dailyBasisPoints: 600,
    limits: ["not_fractionable", "not_shortable"],
  },
  {
    symbol: "BRK.A",
    name: "Berkshire Hathaway Inc. Class A",
    exchange: "NYSE",
    start: "733950.00",
    dailyBasisPoints: 90,
    limits: ["not_fractionable", "not_shortable"],
  },
  {
    symbol: "TWTR",
    name: "Twitter, Inc. Common Stock",
    exchange: "NYSE",
    start: "53.70",
    dailyBasisPoints: 1,
    limits: ["not_tradable", "not_fractionable", "not_shortable"],
  },
];

export const STOCKS: readonly StockListing[] = [
  ...STOCK_ROWS.map(([symbol, name, exchange, start, dailyBasisPoints]) => ({
    symbol,
    name,
    exchange,
    start,
    dailyBasisPoints,
  })),
  ...SPECIAL,
];

type CryptoRow = readonly [string, string, string, string, number, string];

const CRYPTO_ROWS: readonly CryptoRow[] = [
  ["BTC/USD", "Bitcoin / US Dollar", "64250.00", "0.01", 240, "2.5"],
  ["ETH/USD", "Ethereum / US Dollar", "3128.40", "0.01", 320, "40"],
  ["SOL/USD", "Solana / US Dollar", "168.35", "0.01", 420, "600"],
  ["LTC/USD", "Litecoin / US Dollar", "96.42", "0.01", 350, "900"],
  ["BCH/USD", "Bitcoin Cash / US Dollar", "472.15", "0.01", 380, "200"],
  ["XRP/USD", "XRP / US Dollar", "2.1840", "0.0001", 390, "60000"],
  ["DOGE/USD", "Dogecoin / US Dollar", "0.18425", "0.00001", 480, "400000"],
  ["AVAX/USD", "Avalanche / US Dollar", "24.86", "0.01", 450, "4000"],
  ["LINK/USD", "Chainlink / US Dollar", "17.325", "0.001", 430, "5000"],
  ["UNI/USD", "Uniswap / US Dollar", "8.412", "0.001", 440, "9000"],
  ["AAVE/USD", "Aave / US Dollar", "214.60", "0.01", 450, "400"],
  ["DOT/USD", "Polkadot / US Dollar", "4.126", "0.001", 420, "20000"],
  ["SHIB/USD", "Shiba Inu / US Dollar", "0.00001284", "0.00000001", 520, "5000000000"],
  ["USDT/USD", "Tether / US Dollar", "1.0000", "0.0001", 2, "500000"],
  ["USDC/USD", "USD Coin / US Dollar", "1.0000", "0.0001", 1, "500000"],
  ["BTC/USDT", "Bitcoin / Tether", "64250.00", "0.01", 240, "2.5"],
  ["ETH/USDT", "Ethereum / Tether", "3128.40", "0.01", 320, "40"],
  ["BTC/USDC", "Bitcoin / USD Coin", "64250.00", "0.01", 240, "2.5"],
  ["ETH/USDC", "Ethereum / USD Coin", "3128.40", "0.01", 320, "40"],
  ["ETH/BTC", "Ethereum / Bitcoin", "0.048691", "0.000001", 200, "40"],
];

export const CRYPTO: readonly CryptoListing[] = CRYPTO_ROWS.map(
  ([symbol, name, start, tick, dailyBasisPoints, displayed]) => ({
    symbol,
    name,
    start,
    tick,
    dailyBasisPoints,
    displayed,
  }),
);
