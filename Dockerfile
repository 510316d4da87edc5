# syntax=docker/dockerfile:1

# The database driver's addon, for the processor that the image is for: a prebuilt one where there is one, else compiled.
FROM node:24-bookworm AS driver
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts && npm rebuild --ignore-scripts=false better-sqlite3 \
 && node -e "new (require('better-sqlite3'))(':memory:').close()"

# Everything else is the same for all processors, so it is made on the builder's own.
FROM --platform=$BUILDPLATFORM node:24-bookworm AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ormconfig.ts README.md LICENSE ./
COPY src src
COPY views views
COPY scripts scripts
RUN npm run --silent build
COPY --from=driver /src/node_modules/better-sqlite3/build node_modules/better-sqlite3/build
RUN node scripts/bundle.mjs --to /program

# Of this image the program and its licence are taken: npm and headers would be 40 MB that nothing here calls.
FROM node:24-bookworm-slim AS node
RUN mkdir /runtime && cp /usr/local/bin/node /runtime/ && find /usr/local -maxdepth 1 -name 'LICENSE*' -exec cp '{}' /runtime/ ';'

FROM debian:bookworm-slim
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="ccLoad" \
      org.opencontainers.image.description="Gateway for Claude Code, Codex and API clients: one base URL, one token, many accounts" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
RUN groupadd --gid 10001 ccload \
 && useradd --uid 10001 --gid ccload --no-create-home --home-dir /data --shell /usr/sbin/nologin ccload \
 && install --directory --owner=ccload --group=ccload --mode=0750 /data
COPY --from=node /runtime /opt/node
COPY --from=build /program /opt/ccload
ENV NODE_ENV=production \
    PATH=/opt/node:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
# From here the usual place of the database, data/ccload.db, is on the volume; SQLITE_PATH stays free for others to set.
WORKDIR /
VOLUME ["/data"]
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/opt/ccload/app/ccload.js", "health"]
# Node is process 1: it handles SIGTERM from its first moment on, and what it starts it also ends (test/ship/first-process.spec.ts).
ENTRYPOINT ["node", "--single-threaded-gc", "/opt/ccload/app/ccload.js"]
