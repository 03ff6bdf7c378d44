# The image of every part: `api`, `worker`, `exchange`, `migrate`; PostgreSQL and Redis are servers of their own.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json vite.config.ts ./
COPY scripts ./scripts
COPY src ./src
RUN npm run build

FROM node:24-bookworm-slim AS packages
WORKDIR /build
COPY package.json package-lock.json ./
# The embedded PostgreSQL is an optional package, and no container needs it.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund
COPY scripts/mend-postgres.mjs ./scripts/
RUN node scripts/mend-postgres.mjs

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /fillstream
COPY --from=packages /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY drizzle ./drizzle
COPY package.json ./
# What a part keeps on disk (the exchange's ledger, the first admin key) goes to a volume of this user.
RUN mkdir /data && chown node:node /data
ENV FILLSTREAM_DATA=/data
USER node
VOLUME /data
EXPOSE 8000
# Under load half of the collecting goes away with 64 MB for what is young; at rest it is not used.
ENTRYPOINT ["node", "--max-semi-space-size=64", "dist/cli/main.js"]
CMD ["api"]
