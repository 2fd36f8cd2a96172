#pragma once

#include <string_view>

/// Every context string that is hashed or signed, and the magic of every file and message, in one place, so
/// that no two objects can ever be taken for each other. docs/spec/constants.md lists the same; a test
/// compares the two.
namespace blindbook::domain {

using namespace std::string_view_literals;

// Context strings end in a zero byte, so that none is a prefix of another.
inline constexpr std::string_view kRoot = "blindbook-v1 root\0"sv;                // root fingerprint
inline constexpr std::string_view kEpoch = "blindbook-v1 epoch\0"sv;              // epoch id
inline constexpr std::string_view kEpochKey = "blindbook-v1 epoch key\0"sv;       // DeriveKeyPair info
inline constexpr std::string_view kCertificate = "blindbook-v1 certificate\0"sv;  // signed by the root key
inline constexpr std::string_view kAnnouncement =
    "blindbook-v1 announcement\0"sv;                                        // signed by the certified key
inline constexpr std::string_view kLog = "blindbook-v1 log\0"sv;            // head of the announcement chain
inline constexpr std::string_view kEvaluate = "blindbook-v1 evaluate\0"sv;  // digest of an evaluate request
inline constexpr std::string_view kResolve = "blindbook-v1 resolve\0"sv;    // digest of a resolve request
inline constexpr std::string_view kKeyFile = "blindbook-v1 key file\0"sv;   // KEK of a sealed key file
inline constexpr std::string_view kState = "blindbook-v1 state\0"sv;        // client state at rest
inline constexpr std::string_view kPending = "blindbook-v1 pending\0"sv;    // suspended request
inline constexpr std::string_view kAudit = "blindbook-v1 audit\0"sv;        // head of the audit trail
inline constexpr std::string_view kResolveMiss =
    "blindbook-v1 resolve miss\0"sv;  // what a handle that nobody has resolves to

// Under the index key of an epoch, which is for nothing else.
inline constexpr std::string_view kIndexRow = "row\0"sv;  // a row of the subscriber list, as it stands there
inline constexpr std::string_view kIndexIdentifier = "id\0"sv;  // whose row it is
inline constexpr std::string_view kIndexCache = "cache\0"sv;    // authenticates a publish cache
inline constexpr std::string_view kIndexErased =
    "erased numbers\0"sv;  // authenticates a list of erased numbers

// Inside the label derivations, below a PRK that is already bound to blindbook-v1.
inline constexpr std::string_view kLabelSalt = "blindbook-v1"sv;
inline constexpr std::string_view kLabelSiv = "label-siv\0"sv;
inline constexpr std::string_view kLabelEnc = "label-enc\0"sv;
inline constexpr std::string_view kLabelStream = "label-stream\0"sv;
inline constexpr std::string_view kHandle = "handle\0"sv;

// RFC 9497 domain separation for the hedged nonce of the proof.
inline constexpr std::string_view kDleqNonce = "HashToScalar-blindbook-v1-dleq-nonce"sv;

}  // namespace blindbook::domain

namespace blindbook::magic {

using namespace std::string_view_literals;

// Files and signed objects: eight bytes. The first is not ASCII and none is valid UTF-8, so that no text,
// HTML or JSON of a captive portal can be mistaken for one.
inline constexpr std::string_view kAnnouncement =
    "\xBB"
    "BOOKan1"sv;
inline constexpr std::string_view kCertificate =
    "\xBB"
    "BOOKce1"sv;
inline constexpr std::string_view kDirectory =
    "\xBB"
    "BOOKdi1"sv;
inline constexpr std::string_view kPatch =
    "\xBB"
    "BOOKpa1"sv;
inline constexpr std::string_view kKeyFile =
    "\xBB"
    "BOOKke1"sv;
inline constexpr std::string_view kState =
    "\xBB"
    "BOOKst1"sv;
inline constexpr std::string_view kPending =
    "\xBB"
    "BOOKpe1"sv;
inline constexpr std::string_view kEvidence =
    "\xBB"
    "BOOKev1"sv;
inline constexpr std::string_view kPublishCache =
    "\xBB"
    "BOOKca1"sv;
inline constexpr std::string_view kErasedList =
    "\xBB"
    "BOOKer1"sv;
inline constexpr std::string_view kLog =
    "\xBB"
    "BOOKlo1"sv;
inline constexpr std::string_view kLabelStore =
    "\xBB"
    "BOOKla1"sv;

// Messages: four bytes.
inline constexpr std::string_view kEvaluateRequest =
    "\xBB"
    "EQ1"sv;
inline constexpr std::string_view kEvaluateAnswer =
    "\xBB"
    "EA1"sv;
inline constexpr std::string_view kResolveRequest =
    "\xBB"
    "RQ1"sv;
inline constexpr std::string_view kResolveAnswer =
    "\xBB"
    "RA1"sv;

}  // namespace blindbook::magic
