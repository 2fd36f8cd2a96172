/* Version 1 of the ABI, as programs have been compiled against it: every function declared once more, every number and
 * every offset compared. A header that says anything else does not compile. Adding to blindbook.h is adding here, in a
 * block for its version; a line that stands here is never changed. */
#include <blindbook.h>

#define SAME_OFFSET(type, member) \
  _Static_assert(offsetof(type, member) == offsetof(struct released_##type, member), #member)
#define SAME_SIZE(type) _Static_assert(sizeof(type) == sizeof(struct released_##type), #type)

/* --- version 1 --- */

_Static_assert(BB_OK == 0, "BB_OK");
_Static_assert(BB_PEER_MISBEHAVED == 1, "BB_PEER_MISBEHAVED");
_Static_assert(BB_BAD_INPUT == 2, "BB_BAD_INPUT");
_Static_assert(BB_API_MISUSE == 3, "BB_API_MISUSE");
_Static_assert(BB_UNAVAILABLE == 4, "BB_UNAVAILABLE");
_Static_assert(BB_SPENT == 5, "BB_SPENT");
_Static_assert(BB_SHORT_BUFFER == 6, "BB_SHORT_BUFFER");
_Static_assert(BB_NEED_NOTHING == 0, "BB_NEED_NOTHING");
_Static_assert(BB_NEED_ANNOUNCEMENT == 1, "BB_NEED_ANNOUNCEMENT");
_Static_assert(BB_NEED_STEP == 2, "BB_NEED_STEP");
_Static_assert(BB_NEED_ANSWER == 3, "BB_NEED_ANSWER");
_Static_assert(BB_NEED_DIRECTORY == 4, "BB_NEED_DIRECTORY");
_Static_assert(BB_REFUSED_EPOCH_GONE == 1, "BB_REFUSED_EPOCH_GONE");
_Static_assert(BB_REFUSED_ALLOWANCE_SPENT == 2, "BB_REFUSED_ALLOWANCE_SPENT");
_Static_assert(BB_KEY_BYTES == 32, "BB_KEY_BYTES");

struct released_bb_error {
  bb_status status;
  char rule[64];
  char message[256];
  char hint[256];
};
SAME_OFFSET(bb_error, status);
SAME_OFFSET(bb_error, rule);
SAME_OFFSET(bb_error, message);
SAME_OFFSET(bb_error, hint);
SAME_SIZE(bb_error);

struct released_bb_result {
  size_t matches;
  size_t evaluated;
  size_t not_looked_up;
  size_t unopened_labels;
  int partial;
  int64_t allowance_left;
  uint32_t edition;
  uint8_t epoch[16];
  uint8_t head[32];
};
SAME_OFFSET(bb_result, matches);
SAME_OFFSET(bb_result, evaluated);
SAME_OFFSET(bb_result, not_looked_up);
SAME_OFFSET(bb_result, unopened_labels);
SAME_OFFSET(bb_result, partial);
SAME_OFFSET(bb_result, allowance_left);
SAME_OFFSET(bb_result, edition);
SAME_OFFSET(bb_result, epoch);
SAME_OFFSET(bb_result, head);
SAME_SIZE(bb_result);

struct released_bb_allowance_policy {
  uint32_t initial;
  uint32_t capacity;
  uint32_t refill_per_day;
};
SAME_OFFSET(bb_allowance_policy, initial);
SAME_OFFSET(bb_allowance_policy, capacity);
SAME_OFFSET(bb_allowance_policy, refill_per_day);
SAME_SIZE(bb_allowance_policy);

struct released_bb_allowance {
  uint64_t level;
  uint64_t refilled_at;
};
SAME_OFFSET(bb_allowance, level);
SAME_OFFSET(bb_allowance, refilled_at);
SAME_SIZE(bb_allowance);

struct released_bb_token_request {
  const char* issuer;
  const char* kid;
  const char* audience;
  const char* account;
  uint64_t issued_at;
  uint64_t life;
};
SAME_OFFSET(bb_token_request, issuer);
SAME_OFFSET(bb_token_request, kid);
SAME_OFFSET(bb_token_request, audience);
SAME_OFFSET(bb_token_request, account);
SAME_OFFSET(bb_token_request, issued_at);
SAME_OFFSET(bb_token_request, life);
SAME_SIZE(bb_token_request);

int bb_abi_version(void);
const char* bb_version(void);
bb_status bb_random(uint8_t* out, size_t size, bb_error* error);
bb_status bb_client_new(const char* invitation, const uint8_t* key, const uint8_t* state, size_t state_size,
                        bb_client** client, bb_error* error);
void bb_client_free(bb_client* client);
bb_status bb_client_service_url(const bb_client* client, char* out, size_t* size, bb_error* error);
bb_status bb_client_add_identifier(bb_client* client, const char* e164, bb_error* error);
bb_status bb_client_add_number(bb_client* client, const char* raw, const char* region, size_t* count,
                               bb_error* error);
bb_status bb_client_begin(bb_client* client, const char* token, uint64_t now, int scheduled, bb_error* error);
bb_need bb_client_need(const bb_client* client);
int bb_client_state_changed(const bb_client* client);
bb_status bb_client_state(bb_client* client, uint8_t* out, size_t* size, bb_error* error);
bb_status bb_client_take_announcement(bb_client* client, const uint8_t* bytes, size_t size, bb_error* error);
bb_status bb_client_evidence(const bb_client* client, uint8_t* out, size_t* size, bb_error* error);
bb_status bb_step(bb_client* client, size_t max_items, size_t* done, size_t* total, bb_error* error);
bb_status bb_client_request(const bb_client* client, uint8_t* out, size_t* size, bb_error* error);
bb_status bb_client_take_answer(bb_client* client, const uint8_t* bytes, size_t size, bb_error* error);
bb_status bb_client_take_refusal(bb_client* client, int refusal, bb_error* error);
bb_status bb_client_directory_path(const bb_client* client, char* out, size_t* size, bb_error* error);
bb_status bb_client_restart_directory(bb_client* client, bb_error* error);
bb_status bb_client_feed_directory(bb_client* client, const uint8_t* bytes, size_t size, bb_error* error);
bb_status bb_client_finish_directory(bb_client* client, bb_error* error);
bb_status bb_client_directory_gone(bb_client* client, bb_error* error);
bb_status bb_client_result(const bb_client* client, bb_result* result, bb_error* error);
bb_status bb_client_match(const bb_client* client, size_t index, char* e164, size_t* e164_size, char* label,
                          size_t* label_size, bb_error* error);
bb_status bb_server_new(bb_server** server, bb_error* error);
void bb_server_free(bb_server* server);
bb_status bb_server_add_epoch(bb_server* server, const char* operator_key, const uint8_t* announcement,
                              size_t announcement_size, const uint8_t* secret_key, size_t secret_key_size,
                              uint8_t* epoch_id, bb_error* error);
bb_status bb_key_file_open(const uint8_t* file, size_t size, const char* name, const char* passphrase,
                           const uint8_t* slot, uint8_t* out, size_t* out_size, bb_error* error);
bb_status bb_server_accept(const bb_server* server, const uint8_t* body, size_t size, uint64_t now,
                           bb_evaluation** evaluation, bb_error* error);
void bb_evaluation_free(bb_evaluation* evaluation);
uint32_t bb_evaluation_cost(const bb_evaluation* evaluation);
bb_status bb_evaluation_digest(const bb_evaluation* evaluation, uint8_t* digest, bb_error* error);
bb_status bb_evaluation_step(bb_evaluation* evaluation, size_t max_items, size_t* done, size_t* total,
                             bb_error* error);
bb_status bb_evaluation_answer(bb_evaluation* evaluation, uint32_t allowance_left, uint8_t* out, size_t* size,
                               bb_error* error);
bb_status bb_allowance_new(const bb_allowance_policy* policy, uint64_t now, bb_allowance* allowance,
                           bb_error* error);
bb_status bb_allowance_spend(const bb_allowance_policy* policy, bb_allowance* allowance, uint32_t cost,
                             uint64_t now, uint32_t* left, uint64_t* retry_after, bb_error* error);
bb_status bb_directory_new(const bb_server* server, const uint8_t* epoch_id, uint32_t edition,
                           uint16_t label_bytes, const char* label_template, bb_directory** directory,
                           bb_error* error);
void bb_directory_free(bb_directory* directory);
bb_status bb_directory_add(bb_directory* directory, const char* e164, const char* label, bb_error* error);
bb_status bb_directory_finish(bb_directory* directory, uint8_t* out, size_t* size, uint8_t* root,
                              bb_error* error);
bb_status bb_token_mint(const uint8_t* key, const bb_token_request* request, char* out, size_t* size,
                        bb_error* error);
bb_status bb_token_public_key(const uint8_t* key, uint8_t* public_key, bb_error* error);
bb_status bb_tokens_new(const char* audience, bb_tokens** tokens, bb_error* error);
void bb_tokens_free(bb_tokens* tokens);
bb_status bb_tokens_add_issuer(bb_tokens* tokens, const char* name, const char* kid,
                               const uint8_t* public_key, bb_error* error);
bb_status bb_tokens_check(const bb_tokens* tokens, const char* token, uint64_t now, char* issuer,
                          size_t* issuer_size, char* account, size_t* account_size, bb_error* error);
