-- A data directory of Parley 0.1.0 (schema 1), made by that server and written out as SQL: two accounts, guests with
-- and without a session, a direct room, a reply, plain text.
PRAGMA application_id = 1349676153;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE events (
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT,
    reply_to INTEGER,
    nonce TEXT,
    PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO "events" VALUES(1,1,1795686863183,'parley','created','Lobby',NULL,NULL);
INSERT INTO "events" VALUES(1,2,1795686863357,'ann','joined',NULL,NULL,NULL);
INSERT INTO "events" VALUES(1,3,1795686863487,'bob.b','joined',NULL,NULL,NULL);
INSERT INTO "events" VALUES(1,4,1795686863498,'gus','joined',NULL,NULL,NULL);
INSERT INTO "events" VALUES(1,5,1795686863506,'ann','message','hello',NULL,'n-hello');
INSERT INTO "events" VALUES(1,6,1795686863506,'bob.b','message','hi ann 😀',NULL,'n-hiann');
INSERT INTO "events" VALUES(1,7,1795686863507,'gus','message','I am a guest',NULL,'n-amaguest');
INSERT INTO "events" VALUES(1,8,1795686863509,'bob.b','message','a reply',5,'reply1');
INSERT INTO "events" VALUES(1,9,1795686863517,'guest','message','plain and unnamed',NULL,'ua9kjhidhn9d-1');
INSERT INTO "events" VALUES(1,10,1795686863520,'eve','joined',NULL,NULL,NULL);
INSERT INTO "events" VALUES(2,1,1795686863501,'ann','created','Tea at five',NULL,NULL);
INSERT INTO "events" VALUES(2,2,1795686863501,'ann','joined',NULL,NULL,NULL);
INSERT INTO "events" VALUES(2,3,1795686863504,'bob.b','joined',NULL,NULL,NULL);
INSERT INTO "events" VALUES(2,4,1795686863505,'gus','joined',NULL,NULL,NULL);
INSERT INTO "events" VALUES(2,5,1795686863507,'ann','message','milk?',NULL,'n-milk');
INSERT INTO "events" VALUES(2,6,1795686863508,'gus','message','please',NULL,'n-please');
INSERT INTO "events" VALUES(3,1,1795686863503,'ann','created','dm.ann.bob.b',NULL,NULL);
INSERT INTO "events" VALUES(3,2,1795686863503,'ann','joined',NULL,NULL,NULL);
INSERT INTO "events" VALUES(3,3,1795686863503,'bob.b','joined',NULL,NULL,NULL);
INSERT INTO "events" VALUES(3,4,1795686863508,'ann','message','psst',NULL,'n-psst');
INSERT INTO "events" VALUES(4,1,1795686863518,'walt','created','den',NULL,NULL);
INSERT INTO "events" VALUES(4,2,1795686863518,'walt','message','plain walt',NULL,'6qysfb3qmtjx-1');
CREATE TABLE members (
    user TEXT NOT NULL REFERENCES users (name),
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    read_seq INTEGER NOT NULL,
    PRIMARY KEY (user, room_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "members" VALUES('ann',1,6);
INSERT INTO "members" VALUES('ann',2,5);
INSERT INTO "members" VALUES('ann',3,4);
INSERT INTO "members" VALUES('bob.b',1,8);
INSERT INTO "members" VALUES('bob.b',2,3);
INSERT INTO "members" VALUES('bob.b',3,3);
INSERT INTO "members" VALUES('eve',1,10);
INSERT INTO "members" VALUES('gus',1,7);
INSERT INTO "members" VALUES('gus',2,6);
CREATE TABLE rooms (
    id INTEGER PRIMARY KEY,     -- rooms are never removed: the largest id counts them
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('public', 'direct')),
    member_a TEXT REFERENCES users (name),  -- the two people of a direct room
    member_b TEXT REFERENCES users (name),
    epoch INTEGER NOT NULL DEFAULT 1,
    top INTEGER NOT NULL DEFAULT 0,         -- seq of the newest event
    top_at INTEGER NOT NULL DEFAULT 0,      -- when that was
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    CHECK ((kind = 'direct') = (member_a IS NOT NULL AND member_b IS NOT NULL))
) STRICT;
INSERT INTO "rooms" VALUES(1,'lobby','Lobby','public',NULL,NULL,1,10,1795686863520,1795686863183,'parley');
INSERT INTO "rooms" VALUES(2,'tea','Tea at five','public',NULL,NULL,1,6,1795686863508,1795686863501,'ann');
INSERT INTO "rooms" VALUES(3,'dm.ann.bob.b','dm.ann.bob.b','direct','ann','bob.b',1,4,1795686863508,1795686863503,'ann');
INSERT INTO "rooms" VALUES(4,'den','den','public',NULL,NULL,1,2,1795686863518,1795686863518,'walt');
CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,  -- what others may know of it
    user TEXT NOT NULL REFERENCES users (name),
    client TEXT NOT NULL,
    since INTEGER NOT NULL,
    seen INTEGER NOT NULL,      -- to the hour
    expires INTEGER NOT NULL
) STRICT;
INSERT INTO "sessions" VALUES('579398f9ab3f45e4196d5c56d67a8791441ebf1ad9bfeb2ca305458dd32d4b2e','592e5d963dfa2a588b96ebb0','ann','node',1795686863357,1795686863357,1798278863357);
INSERT INTO "sessions" VALUES('7ab7553b52b62801a253c3197e7cd29c8e390d3010cc1dd23befa3d6e31fdd13','23d5d12c70955f66ce22fd3f','bob.b','node',1795686863487,1795686863487,1798278863487);
INSERT INTO "sessions" VALUES('afdce6a0f7dae73f6dfcd7daf114348110ca789278f2ff4d02ada7fd47541c65','6d7f4ef5c746f8ecef22a170','gus','node',1795686863498,1795686863498,1798278863498);
CREATE TABLE users (
    name TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('account', 'guest', 'reserved')),
    display_name TEXT NOT NULL,
    password_hash TEXT CHECK ((kind = 'account') = (password_hash IS NOT NULL)),
    owner INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;
INSERT INTO "users" VALUES('parley','reserved','parley',NULL,0,1795686863183);
INSERT INTO "users" VALUES('guest','reserved','guest',NULL,0,1795686863183);
INSERT INTO "users" VALUES('ann','account','ann','$argon2id$v=19$m=65536,t=2,p=1$xagmRqiVh3shXcDZFE2AAQ$8S+NCwY+n+ZedFLmECgoDf1tmL8lr0TaDK87GhKAhAs',1,1795686863357);
INSERT INTO "users" VALUES('bob.b','account','bob.b','$argon2id$v=19$m=65536,t=2,p=1$DbFhoG4kYz/hhrm1iU+GEQ$zeKnpOQMlbFHGIOyZ4I/razYESC0yYjbq5C2TSkzWlQ',0,1795686863487);
INSERT INTO "users" VALUES('gus','guest','gus',NULL,0,1795686863498);
INSERT INTO "users" VALUES('eve','guest','eve',NULL,0,1795686863520);
CREATE INDEX sessions_of_user ON sessions (user, seen);
CREATE INDEX public_rooms ON rooms (name) WHERE kind = 'public';
CREATE UNIQUE INDEX events_by_nonce ON events (author, nonce) WHERE nonce IS NOT NULL;
COMMIT;
