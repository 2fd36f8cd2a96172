/* Compiles as C89, C17, C++17 and C++20: includes the header twice, and names one of each kind of thing in it. */
#include <blindbook.h>
#include <blindbook.h>

int use(void);
int use(void) {
  bb_error error;
  bb_client* client = NULL;
  bb_status status = bb_client_new("blindbook://", NULL, NULL, 0, &client, &error);
  return status == BB_OK && bb_client_need(client) == BB_NEED_NOTHING ? (int)sizeof(bb_result) : BB_ABI_VERSION;
}
