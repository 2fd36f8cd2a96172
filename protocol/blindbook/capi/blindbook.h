/* blindbook.h - private contact discovery behind a C ABI, for messengers and apps in any language.
 *
 * The library computes; it opens no socket, file or clock, starts no thread and prints nothing; of the environment it reads
 * BLINDBOOK_KERNEL. The caller carries the bytes between its users and a blindbook service (docs/spec), and keeps what it
 * is told to keep.
 *
 * Status and errors. Every function that can fail returns a bb_status. Where it is not BB_OK, *error (which may be null)
 * says by which rule (docs/spec/errors.md) and why, in English; nothing else was written to the caller's memory unless a
 * function says so. No C++ exception and no long jump leaves the library. Every function that can fail may also say
 * BB_UNAVAILABLE "capi.memory" or "capi.system" (no random bytes, say): it can be tried again, and what memory left half
 * done keeps saying so until it is freed or begun anew.
 *
 * Buffers belong to the caller. A function that writes bytes takes `out` and `size`: *size is the room on entry and the
 * length written on return. With too little room it returns BB_SHORT_BUFFER, writes nothing to `out`, sets *size to what
 * is needed, says "capi.short-buffer", and changes nothing: call again with more. `out` may be null when *size is 0. Texts
 * are UTF-8 and end in a null byte, which *size counts.
 *
 * Times are in seconds since 1970; one that cannot be is BB_API_MISUSE "capi.time".
 *
 * Null. Every pointer must be valid unless a function says that it may be null; a null one is BB_API_MISUSE "capi.null".
 * The functions that free take null.
 *
 * Threads. A handle may be used by one thread at a time; different handles are independent. A bb_server is immutable once
 * its epochs are added, and may then be used by several threads at once.
 */
#ifndef BLINDBOOK_H
#define BLINDBOOK_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define BB_API
#else
#define BB_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Whose fault it is that something did not happen. New values may be added: take an unknown one for BB_UNAVAILABLE. */
typedef enum bb_status {
  BB_OK = 0,
  BB_PEER_MISBEHAVED = 1, /* the other side broke the protocol: tell the user, do not try again */
  BB_BAD_INPUT = 2,       /* what the caller's user handed in cannot be used */
  BB_API_MISUSE = 3,      /* the calling program broke a rule of this header */
  BB_UNAVAILABLE = 4, /* nobody's fault: network, clock or memory were not as needed; trying again may help */
  BB_SPENT = 5,       /* the account's allowance does not cover the request */
  BB_SHORT_BUFFER = 6 /* the caller's buffer is too small; see above */
} bb_status;

/* Filled by the caller's wish only; texts that are longer are cut. */
typedef struct bb_error {
  bb_status status;
  char rule[64];     /* stable, such as "announcement.signature" */
  char message[256]; /* one clause for a person, in English */
  char hint[256];    /* what the user can do; empty when there is nothing */
} bb_error;

/* The version of this ABI, in which functions are added and none is changed or removed: compare with the library's. */
#define BB_ABI_VERSION 1
BB_API int bb_abi_version(void);
/* The library's version, such as "0.1.0". Lives for ever. */
BB_API const char* bb_version(void);

/* Fills `out` with `size` random bytes fit for keys. */
BB_API bb_status bb_random(uint8_t* out, size_t size, bb_error* error);

/* --- client ------------------------------------------------------------------------------------------------------- */

/* One person's client of one operator: the key to trust, the numbers to look up, the state, and the run in hand.
 *
 *   bb_client_new(invitation, key, state, state_size, &client, &error);
 *   for each contact: bb_client_add_identifier(client, "+493023125000", &error);
 *   bb_client_begin(client, token, now, 0, &error);
 *   for (;;) switch (bb_client_need(client)) {
 *     case BB_NEED_ANNOUNCEMENT: bb_client_take_announcement(client, <GET /v1/announcement>, ..);  break;
 *     case BB_NEED_STEP:         bb_step(client, 256, &done, &total, &error);                      break;
 *     case BB_NEED_ANSWER:       bb_client_state(..) and write it to disk; bb_client_request(..);
 *                                bb_client_take_answer(client, <POST /v1/evaluate>, ..);           break;
 *     case BB_NEED_DIRECTORY:    bb_client_directory_path(..); for each piece of <GET path>:
 *                                bb_client_feed_directory(..); then bb_client_finish_directory(..); break;
 *     case BB_NEED_NOTHING:      bb_client_state(..) and write it to disk; bb_client_match(..) for each match; return;
 *   }
 *
 * To cancel, stop calling, and free the handle: nothing is lost that was in the last state written. A run that was cut off
 * after a request was sent is taken up by the next one of the same account, which sends the same bytes: they are charged
 * once.
 *
 * One state for each operator and account, and one handle at a time for each state: two would each pay. A run for another
 * account drops the request that the last account left.
 */
typedef struct bb_client bb_client;

#define BB_KEY_BYTES 32

/* A client of the operator named by `invitation`: "blindbook://HOST[:PORT]/#" and the line in public/operator.pub, as
 * `blindbook serve` prints it. `key` (BB_KEY_BYTES) seals the state; keep it
 * where the system keeps keys. `state` is what bb_client_state() gave last; null and 0 in the beginning. BB_BAD_INPUT
 * "invitation.syntax", "state.key" (it was sealed under another key, or altered), "state.format", "state.content",
 * "state.operator" (it is of another operator). */
BB_API bb_status bb_client_new(const char* invitation, const uint8_t* key, const uint8_t* state,
                               size_t state_size, bb_client** client, bb_error* error);
BB_API void bb_client_free(bb_client* client);

/* Where the service is: "https://host" or "https://host:port", without a slash at the end. */
BB_API bb_status bb_client_service_url(const bb_client* client, char* out, size_t* size, bb_error* error);

/* Adds a number in E.164, "+493023125000". The whole address book must be added before bb_client_begin(): nothing that is
 * fetched may depend on it. One that was added before is passed over. BB_BAD_INPUT "identifier.syntax"; BB_API_MISUSE
 * "run.order" while a run is in hand. */
BB_API bb_status bb_client_add_identifier(bb_client* client, const char* e164, bb_error* error);

/* Adds what a person wrote, "030 23125000 / 01", in the numbering plan of `region`, ISO 3166-1 alpha-2 ("DE"); null or ""
 * where only numbers with a country code are taken. As bb_client_add_identifier() for each number in it, of which there are
 * *count; it may be null. BB_BAD_INPUT "capi.number" (it is no number that can be looked up; the message says why),
 * "contact.region"; BB_API_MISUSE "capi.unsupported" (the library was built without libphonenumber), "run.order". */
BB_API bb_status bb_client_add_number(bb_client* client, const char* raw, const char* region, size_t* count,
                                      bb_error* error);

/* Begins a run for the account of `token`, an access token for that operator without line end and without "Bearer ". `now`
 * is seconds since 1970; `scheduled` is not 0 when a timer started the run and not a person. Ends a run that is in hand.
 * What belongs to epochs that have ended at `now` is wiped from the state: a clock that runs months ahead costs what was
 * evaluated. BB_BAD_INPUT "token.encoding". */
BB_API bb_status bb_client_begin(bb_client* client, const char* token, uint64_t now, int scheduled,
                                 bb_error* error);

/* What a run waits for. */
typedef enum bb_need {
  BB_NEED_NOTHING = 0,      /* no run is in hand, or it has ended: by an error, or with matches */
  BB_NEED_ANNOUNCEMENT = 1, /* bb_client_take_announcement() */
  BB_NEED_STEP = 2,         /* bb_step() */
  BB_NEED_ANSWER = 3,       /* bb_client_take_answer() or bb_client_take_refusal() */
  BB_NEED_DIRECTORY = 4     /* bb_client_feed_directory() and _finish_directory(), or _directory_gone() */
} bb_need;
/* BB_NEED_NOTHING for null. */
BB_API bb_need bb_client_need(const bb_client* client);

/* Whether the state has changed since bb_client_state() gave it: 1 or 0. */
BB_API int bb_client_state_changed(const bb_client* client);
/* The state, sealed: about 100 bytes a number and 200 bytes an announced epoch, and 150 a number of a request under way.
 * Write it where it survives a crash whenever it has changed, also after an error, and always before a request is sent. */
BB_API bb_status bb_client_state(bb_client* client, uint8_t* out, size_t* size, bb_error* error);

/* For every step from here on: BB_API_MISUSE "run.order" when the run waits for something else. Any error but BB_API_MISUSE
 * and BB_SHORT_BUFFER ends the run; what was charged and verified before it is in the state. Hand over bodies that came
 * whole (Content-Length, the last chunk): a connection that was cut cannot be told from a peer that cheats. */

/* What GET /v1/announcement gave, whole. Also plans the run, 5 us for each number, and takes up a request that was cut off,
 * 80 us for each of its elements. BB_PEER_MISBEHAVED "announcement.*", "certificate.*", "history.*"; BB_UNAVAILABLE
 * "announcement.not-an-envelope" (a captive portal, say), "announcement.stale", .. */
BB_API bb_status bb_client_take_announcement(bb_client* client, const uint8_t* bytes, size_t size,
                                             bb_error* error);
/* The two signed announcements that contradict each other, when bb_client_take_announcement() found such: keep them, and
 * show them to others. *size is 0 on return where there is no such evidence. */
BB_API bb_status bb_client_evidence(const bb_client* client, uint8_t* out, size_t* size, bb_error* error);

/* Prepares a request: blinds up to `max_items` elements, at least one. *done and *total, which may be null, count the
 * elements of the whole run. 256 elements take some 5 ms. */
BB_API bb_status bb_step(bb_client* client, size_t max_items, size_t* done, size_t* total, bb_error* error);

/* The body of POST /v1/evaluate, to be sent as application/octet-stream with the header "Authorization: Bearer <token>";
 * the same bytes however often it is asked for, so that they can be sent again when the connection failed. BB_API_MISUSE
 * "capi.unsaved" while the state that holds the request was not asked for: a request that is sent is charged, and what is
 * charged must survive a crash. */
BB_API bb_status bb_client_request(const bb_client* client, uint8_t* out, size_t* size, bb_error* error);
/* The body of the 200 to that request. Checks the proof and unblinds: one piece of work, 25 us an element.
 * BB_PEER_MISBEHAVED "answer.*", "oprf.*"; BB_UNAVAILABLE "service.not-an-answer". */
BB_API bb_status bb_client_take_answer(bb_client* client, const uint8_t* bytes, size_t size, bb_error* error);

typedef enum bb_refusal {
  BB_REFUSED_EPOCH_GONE = 1,     /* 410 */
  BB_REFUSED_ALLOWANCE_SPENT = 2 /* 429 whose problem type ends in ":allowance" */
} bb_refusal;
/* The service refused the request, in one of the ways (a bb_refusal) that a run can live with: it asks for the announcement
 * again, or goes on with what was evaluated before. BB_SPENT "service.allowance" where there is nothing to go on with;
 * BB_UNAVAILABLE "discovery.moving"; BB_API_MISUSE "capi.refusal" for another number, which changes nothing. With any other
 * refusal end the run: the request stays in the state. */
BB_API bb_status bb_client_take_refusal(bb_client* client, int refusal, bb_error* error);

/* The path of the directory to GET, "/v1/directory/..": without the token, and best over another connection than the one
 * that carries the token. */
BB_API bb_status bb_client_directory_path(const bb_client* client, char* out, size_t* size, bb_error* error);
/* Begins to read the directory anew, where a download failed half-way. The first time it need not be called. */
BB_API bb_status bb_client_restart_directory(bb_client* client, bb_error* error);
/* The next bytes of the directory, in pieces of any size. BB_PEER_MISBEHAVED "directory.*"; BB_UNAVAILABLE
 * "service.not-an-answer". */
BB_API bb_status bb_client_feed_directory(bb_client* client, const uint8_t* bytes, size_t size,
                                          bb_error* error);
/* All of it was fed: checks it against the announcement, and forms the matches. BB_PEER_MISBEHAVED "directory.*";
 * BB_UNAVAILABLE "service.not-an-answer" when hardly anything was; BB_API_MISUSE "run.order" when nothing was. */
BB_API bb_status bb_client_finish_directory(bb_client* client, bb_error* error);
/* The service answered 404 or 410 to that path: a publication came between. The run asks for the announcement
 * again. BB_UNAVAILABLE "discovery.moving" when that happens for the fourth time. */
BB_API bb_status bb_client_directory_gone(bb_client* client, bb_error* error);

/* What the run has come to. */
typedef struct bb_result {
  size_t matches;   /* for bb_client_match() */
  size_t evaluated; /* numbers newly evaluated in this run; a batch costs its size, however few they are */
  size_t not_looked_up; /* numbers for which the allowance or the largest batch did not suffice */
  size_t unopened_labels;
  int partial;            /* 1 when the allowance ended half-way */
  int64_t allowance_left; /* in evaluations, as the last answer said; -1: none was asked for */
  uint32_t edition;
  uint8_t epoch[16];
  uint8_t head[32]; /* of the operator's log: to be compared over another channel */
} bb_result;
/* BB_API_MISUSE "run.order" before the run has ended with matches. */
BB_API bb_status bb_client_result(const bb_client* client, bb_result* result, bb_error* error);
/* Match number `index` from 0: the number in E.164, at most 17 bytes, and its label, at most 768, without control or bidi
 * characters; an empty text where the directory has no labels. With BB_SHORT_BUFFER both sizes are set. BB_API_MISUSE
 * "run.order" before the run has ended with matches, "capi.index". */
BB_API bb_status bb_client_match(const bb_client* client, size_t index, char* e164, size_t* e164_size,
                                 char* label, size_t* label_size, bb_error* error);

/* --- server ------------------------------------------------------------------------------------------------------- */

/* The keys of the epochs that a service evaluates under. Immutable once every epoch is added, and may then be used by
 * several threads at once.
 *
 * For each POST /v1/evaluate (docs/spec/evaluate.md), in this order:
 *   who = bb_tokens_check(..)                      refuse with 401
 *   bb_server_accept(server, body, .., &work, ..)  BB_PEER_MISBEHAVED: 400; BB_UNAVAILABLE "server.epoch": 410
 *   charge bb_evaluation_cost() to `who` in the ledger, durably, once for each issuer, account and bb_evaluation_digest()
 *     in 24 hours, and answer it at most 8 times more; refuse with 429
 *   bb_evaluation_step(..) until done == total; bb_evaluation_answer(..); send; bb_evaluation_free(..)
 */
typedef struct bb_server bb_server;

BB_API bb_status bb_server_new(bb_server** server, bb_error* error);
BB_API void bb_server_free(bb_server* server);

/* Adds the epoch of `announcement` (a public/announcement.bba) whose public key is that of `secret_key`. `operator_key` is
 * the line in operator.pub, by which the announcement is checked. Writes the epoch's id to `epoch_id` (16 bytes).
 * BB_BAD_INPUT "operator.key", "oprf.secret-key", "server.no-epoch" (none has this key); errors of the announcement. */
BB_API bb_status bb_server_add_epoch(bb_server* server, const char* operator_key, const uint8_t* announcement,
                                     size_t announcement_size, const uint8_t* secret_key,
                                     size_t secret_key_size, uint8_t* epoch_id, bb_error* error);

/* The secret in a key file that `blindbook init` made, for bb_server_add_epoch() and bb_token_mint(): at most 128 bytes.
 * `name` is the file's without ".key". `passphrase` (without line end) and `slot` (BB_KEY_BYTES, the content of the .slot
 * file) are null for a file that is not sealed. Stretching a passphrase takes 0.4 s and 128 MiB. Wipe what you got when you
 * are done with it. BB_BAD_INPUT "key.format", "key.passphrase", "key.sealed" (there is no passphrase or slot, and it needs
 * both); BB_UNAVAILABLE "key.scrypt" (not enough memory to stretch). */
BB_API bb_status bb_key_file_open(const uint8_t* file, size_t size, const char* name, const char* passphrase,
                                  const uint8_t* slot, uint8_t* out, size_t* out_size, bb_error* error);

/* One admitted request. Its server must outlive it. */
typedef struct bb_evaluation bb_evaluation;

/* Takes the body of a request apart and decodes every element. BB_PEER_MISBEHAVED "evaluate.*", "oprf.element";
 * BB_UNAVAILABLE "server.epoch": its epoch is none of these or does not live at `now`. */
BB_API bb_status bb_server_accept(const bb_server* server, const uint8_t* body, size_t size, uint64_t now,
                                  bb_evaluation** evaluation, bb_error* error);
BB_API void bb_evaluation_free(bb_evaluation* evaluation);
/* What it costs, in evaluations; 0 for null. */
BB_API uint32_t bb_evaluation_cost(const bb_evaluation* evaluation);
/* The 32 bytes that name the request in the ledger: the same request is never charged twice. */
BB_API bb_status bb_evaluation_digest(const bb_evaluation* evaluation, uint8_t* digest, bb_error* error);
/* Evaluates up to `max_items` more elements, at least one; 40 us each. */
BB_API bb_status bb_evaluation_step(bb_evaluation* evaluation, size_t max_items, size_t* done, size_t* total,
                                    bb_error* error);
/* The body of the 200, with its proof. `allowance_left`: what the account has left, in whole evaluations. BB_API_MISUSE
 * "oprf.not-evaluated" before every element is. */
BB_API bb_status bb_evaluation_answer(bb_evaluation* evaluation, uint32_t allowance_left, uint8_t* out,
                                      size_t* size, bb_error* error);

/* The allowance that stops enumeration, for those who keep the ledger: docs/spec/protocol.md "Allowance". */
typedef struct bb_allowance_policy {
  uint32_t initial;
  uint32_t capacity;
  uint32_t refill_per_day;
} bb_allowance_policy;
typedef struct bb_allowance {
  uint64_t level; /* 1/86400 of an evaluation */
  uint64_t refilled_at;
} bb_allowance;
/* An account never seen before. */
BB_API bb_status bb_allowance_new(const bb_allowance_policy* policy, uint64_t now, bb_allowance* allowance,
                                  bb_error* error);
/* Refills to `now`, then takes `cost` evaluations or nothing: BB_SPENT "service.allowance", with the seconds until they
 * would be covered in *retry_after, which may be null; the maximum when they never will. *left, which may be null, is what
 * remains, in whole evaluations. */
BB_API bb_status bb_allowance_spend(const bb_allowance_policy* policy, bb_allowance* allowance, uint32_t cost,
                                    uint64_t now, uint32_t* left, uint64_t* retry_after, bb_error* error);

/* One directory in the making. Its server must outlive it. */
typedef struct bb_directory bb_directory;

/* A directory of an epoch of `server`. `label_bytes` and `label_template` as in docs/spec/directory.md: 0 and "" for none.
 * `edition` counts from 1.
 * BB_API_MISUSE "server.no-epoch"; BB_BAD_INPUT "label.template", "directory.header" (no edition, or `label_bytes` neither
 * 0 nor 2 to 512). */
BB_API bb_status bb_directory_new(const bb_server* server, const uint8_t* epoch_id, uint32_t edition,
                                  uint16_t label_bytes, const char* label_template, bb_directory** directory,
                                  bb_error* error);
BB_API void bb_directory_free(bb_directory* directory);
/* Adds a subscriber who agreed to be found. `label` is whole, as "@anna:city.example", and may be null where there are
 * none. Evaluates some rows at a time. BB_BAD_INPUT "identifier.syntax", "label.*": that row is not added. BB_API_MISUSE
 * "run.order" after bb_directory_finish(). */
BB_API bb_status bb_directory_add(bb_directory* directory, const char* e164, const char* label,
                                  bb_error* error);
/* The file, and in `root` (32 bytes) its SHA-256, which the announcement names. Asking for the size finishes it too: no row
 * can be added any more. BB_API_MISUSE "directory.row": more than 1,024 rows are of one number. */
BB_API bb_status bb_directory_finish(bb_directory* directory, uint8_t* out, size_t* size, uint8_t* root,
                                     bb_error* error);

/* --- access tokens (docs/spec/token.md) --------------------------------------------------------------------------- */

/* What bb_token_mint() shall say; every text is UTF-8. */
typedef struct bb_token_request {
  const char* issuer;
  const char* kid;      /* names the issuer's key */
  const char* audience; /* the operator's id in hex: the fingerprint that `blindbook status` shows */
  const char* account;  /* 1 to 255 bytes */
  uint64_t issued_at;
  uint64_t life; /* seconds, at most 86400 */
} bb_token_request;

/* A token for evaluation, signed with the Ed25519 seed `key` (BB_KEY_BYTES). BB_BAD_INPUT "token.account",
 * "token.claims" (issuer, kid or audience is no UTF-8), "token.lifetime", "token.size". */
BB_API bb_status bb_token_mint(const uint8_t* key, const bb_token_request* request, char* out, size_t* size,
                               bb_error* error);
/* The Ed25519 public key (32 bytes) of the seed `key`: what an operator puts into config.json. */
BB_API bb_status bb_token_public_key(const uint8_t* key, uint8_t* public_key, bb_error* error);

/* Whose tokens are accepted. Immutable once every issuer is added, and may then be used by several threads at once. */
typedef struct bb_tokens bb_tokens;

BB_API bb_status bb_tokens_new(const char* audience, bb_tokens** tokens, bb_error* error);
BB_API void bb_tokens_free(bb_tokens* tokens);
/* BB_API_MISUSE "capi.kid": another issuer has that kid. */
BB_API bb_status bb_tokens_add_issuer(bb_tokens* tokens, const char* name, const char* kid,
                                      const uint8_t* public_key, bb_error* error);
/* Who `token` speaks for at `now`: `account`, at most 256 bytes, and `issuer`. BB_BAD_INPUT "token.*": refuse with 401. A
 * token whose scope is not evaluate is refused too: "token.scope". */
BB_API bb_status bb_tokens_check(const bb_tokens* tokens, const char* token, uint64_t now, char* issuer,
                                 size_t* issuer_size, char* account, size_t* account_size, bb_error* error);

#ifdef __cplusplus
}
#endif

#endif
