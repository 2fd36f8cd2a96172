/* What discover.c leaves to the program round it: bytes to the service and back, by libcurl, and files. Each function gives BB_OK,
 * or another status with *error filled, as those of blindbook.h do. */
#ifndef CARRY_H
#define CARRY_H

#include <blindbook.h>

/* GET /v1/announcement; the client takes it. */
bb_status fetch_announcement(bb_client* client, const char* url, bb_error* error);

/* POST /v1/evaluate, with the token; the client takes the answer, or a refusal that a run can live with. Save the state before. */
bb_status evaluate(bb_client* client, const char* url, const char* token, bb_error* error);

/* GET the directory, without the token; the client takes it as it comes, or hears that it is gone. */
bb_status fetch_directory(bb_client* client, const char* url, bb_error* error);

/* Reads the token in the file `name`, in `room` bytes with the null byte. */
bb_status load_token(const char* name, char* token, size_t room, bb_error* error);

/* Goes to the folder `name`, which it makes, for its owner alone, where there is none. Reads the key that seals the state, and makes
 * it in the beginning; and the state that was saved, *size bytes, to be freed: null and 0 in the beginning. A key that lies beside
 * the state protects nothing: an app keeps it where the system keeps keys. */
bb_status open_folder(const char* name, uint8_t key[BB_KEY_BYTES], uint8_t** state, size_t* size,
                      bb_error* error);

/* Writes the client's state where it survives a crash, which leaves the old one or the new one. */
bb_status save_state(bb_client* client, bb_error* error);

#endif
