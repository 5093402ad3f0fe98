# The app alone, for production: no sandbox, no tests, no build. Node strips the types of src/ itself.
#   docker build -t countersign .
#   docs/operating.md says how it is run.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Nothing of a dependency runs while it is installed.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force

FROM node:24-bookworm-slim
# Within a container, only what is published reaches this port; a proxy with a certificate stands before it.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 COUNTERSIGN_DATA=/data LOG_FORMAT=json
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json app.yml LICENSE ./
COPY src ./src
# The store: a volume of its own, for the user that runs.
RUN install --directory --owner=node --group=node --mode=0700 /data
USER node
VOLUME /data
EXPOSE 3000
# Whether the process answers. Whether it may be sent work is /readyz, for whoever balances the load.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# SIGTERM ends it within ten seconds, in good order: it is the first process, and listens for it.
CMD ["node", "src/main.ts"]
