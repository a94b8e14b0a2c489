# The host with everything built in: engine, jurisdiction modules, page. Nothing else is in the image but the
# certificates of the public authorities, for TLS to PostgreSQL and Redis.

FROM node:22-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /plancheck
COPY . .
RUN sh deploy/build-image.sh /out

FROM debian:bookworm-slim
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/plancheck /usr/local/bin/plancheck
# What is kept, without PostgreSQL: mount a volume there. What is compiled is made again in seconds, so /tmp
# may be a tmpfs.
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/plancheck
ENV PLANCHECK_LISTEN=0.0.0.0:8080 \
    XDG_DATA_HOME=/var/lib \
    PLANCHECK_CACHE_DIR=/tmp/plancheck \
    PLANCHECK_LOG_FORMAT=json
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["plancheck", "health", "--url", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["plancheck"]
CMD ["serve"]
