-- Everything that the host keeps. One text for both databases: BIGINT times are milliseconds since
-- 1970, {blob} is the database's own word for bytes.

CREATE TABLE organisations (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    disabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_for TEXT
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (revoked_at);

-- Sessions that went with their user: live connections are still to be closed.
CREATE TABLE ended_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);

CREATE TABLE refresh_tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session);

CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE models (
    digest TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE model_parts (
    digest TEXT NOT NULL REFERENCES models (digest) ON DELETE CASCADE,
    part BIGINT NOT NULL,
    data {blob} NOT NULL,
    PRIMARY KEY (digest, part)
);

CREATE TABLE buildings (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    model TEXT NOT NULL REFERENCES models (digest),
    epoch TEXT NOT NULL,
    place TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, id)
);
CREATE INDEX buildings_by_model ON buildings (model);

CREATE TABLE reports (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    building TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    model TEXT NOT NULL,
    ruleset TEXT NOT NULL,
    engine TEXT NOT NULL,
    place TEXT,
    summary TEXT NOT NULL,
    body {blob} NOT NULL,
    FOREIGN KEY (organisation, building) REFERENCES buildings (organisation, id) ON DELETE CASCADE
);
CREATE INDEX reports_by_building ON reports (organisation, building, created_at);

CREATE TABLE edits (
    organisation TEXT NOT NULL,
    building TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq BIGINT NOT NULL,
    edit TEXT NOT NULL,
    account TEXT NOT NULL,
    actor TEXT NOT NULL,
    request TEXT NOT NULL,
    -- It stopped the check: nobody applies it again.
    skipped BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, building, epoch, seq),
    FOREIGN KEY (organisation, building) REFERENCES buildings (organisation, id) ON DELETE CASCADE
);

CREATE TABLE audit (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    organisation TEXT,
    actor TEXT,
    event TEXT NOT NULL,
    subject TEXT,
    address TEXT,
    detail TEXT
);
CREATE INDEX audit_by_time ON audit (at);
