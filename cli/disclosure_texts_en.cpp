#include "cli/disclosure_texts.h"

namespace blindbook::cli {
namespace {

constexpr DisclosureTexts kEnglish{
    .language = "en",
    .digit_groups = ",",
    .date = "{day} {month} {year}, {time} UTC",
    .months = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
               "October", "November", "December"},
    .bytes = {"{n} byte", "{n} bytes"},
    .requests = {"{n} request", "{n} requests"},

    .title = "What left this device",
    .lead =
        "On {when}, blindbook asked {whom} which contacts of an address book can be reached there. For that "
        "it sent "
        "<strong>{bytes}</strong> in {requests}. No phone number and no name from the address book was among "
        "them, not even as a hash.",
    .lead_nothing =
        "On {when}, blindbook wanted to ask {whom} which contacts of an address book can be reached there. "
        "It did not come to that: <strong>nothing of a request was sent.</strong>",
    .end_complete = "The run ended as planned.",
    .end_partial =
        "The run is partial: the account’s allowance was spent before all numbers had been looked up. What "
        "was sent is listed here in full.",
    .end_failed =
        "The run failed: {reason} (<code>{rule}</code>). What had been sent by then is listed here in full.",
    .end_unfinished =
        "This report was written while the run was still going on, and the run was ended from outside. What "
        "it lists was sent; one further request may have been sent as well.",
    .fault_peer = "the service broke the protocol, so its answer was not used",
    .fault_input = "the service or this device could not use what was handed in, such as the access token",
    .fault_misuse = "the program broke a rule of its own",
    .fault_unavailable = "the network, the service or this device was not as needed",
    .fault_spent = "the account’s allowance was spent",
    .plain_warning =
        "The connection was <strong>not encrypted</strong>. Whoever was on the way could read all that is "
        "listed here, the access token included. Blinded values protect the address book even so.",
    .labels_warning = {"As the user wished, this run asked for the label of <strong>{n} match</strong>. The "
                       "service can tell which "
                       "of its subscribers that is.",
                       "As the user wished, this run asked for the labels of <strong>{n} matches</strong>. "
                       "The service can tell "
                       "which of its subscribers these are."},

    .sent_title = "Sent",
    .sent_nothing = "Nothing.",
    .sent_token = "an access token, which names the account {account}",
    .sent_public = {"{n} request for a public file, without the token",
                    "{n} requests for public files, without the token"},
    .sent_batches = {"{n} batch of {size} blinded values, which tells nothing about any contact",
                     "{n} batches of {size} blinded values each, which tell nothing about any contact"},
    .sent_again =
        {"{n} batch of {size} blinded values, the same as in an earlier run that had no answer",
         "{n} batches of {size} blinded values each, the same as in an earlier run that had no answer"},
    .sent_labels = {"{n} request for the label of a match, by a handle that the service knows",
                    "{n} requests for the labels of matches, by handles that the service knows"},
    .not_sent_title = "Not sent",
    .not_sent = {"phone numbers of the address book, be it in clear, shortened or hashed",
                 "names, pictures, notes or anything else of the address book",
                 "how many contacts the address book holds: a batch is always filled up to one of six sizes",
                 "which contacts were found: that was worked out on this device"},
    .not_sent_labels =
        "which contacts were found, but for those whose labels were asked for: that was worked out on this "
        "device",
    .naive_title = "What an upload would have sent",
    .naive_numbers = {"{n} phone number in clear", "{n} phone numbers in clear"},
    .naive_names = {"{n} name", "{n} names"},
    .naive_use =
        "That is what a messenger sends that uploads the address book: all entries, also those of people who "
        "never agreed to it.",

    .requests_title = "The requests, one by one",
    .requests_intro =
        "Each line is one attempt; a request that was repeated stands here twice. Sizes are bytes of HTTP, "
        "head + body.",
    .column_number = "No.",
    .column_time = "Time (UTC)",
    .column_connection = "Connection",
    .column_request = "Request",
    .column_as = "As",
    .column_sent = "Sent",
    .column_received = "Received",
    .column_outcome = "Outcome",
    .head_and_body = "{head} + {body}",
    .row_sum = "In all",
    .nobody = "nobody",
    .none = "none",
    .outcome_answered = "answered (HTTP {status})",
    .outcome_refused = "refused (HTTP {status})",
    .outcome_no_name = "host name not found",
    .outcome_no_connection = "no connection",
    .outcome_no_tls = "no secure connection",
    .outcome_timeout = "no answer in time",
    .outcome_cut = "connection cut",
    .outcome_unusable = "answer not usable",
    .charged = "The service charged the account {n} evaluations.",
    .labels_charged = "From the account’s allowance of labels the service took {n}.",
    .maybe_charged =
        "A batch without an answer may have been charged too; it is sent again as it was, and is not charged "
        "twice.",

    .parts_title = "What each request held, byte by byte",
    .parts_intro =
        "The bytes of each table add up to what was sent. Only the access token is not printed: who has it "
        "can act "
        "for the account until it expires.",
    .column_part = "Part",
    .column_bytes = "Bytes",
    .column_meaning = "What it tells",
    .part_request_line = "what is asked for; the path names a public file or the evaluation",
    .part_host = "the address of the service, as the invitation names it",
    .part_same_for_all = "the same in every request of every user",
    .part_length = "the size of the body, which follows from the size of the batch",
    .part_authorization = "announces the access token",
    .part_token = "access token",
    .part_token_meaning = "who asks; see “The access token”",
    .part_end = "empty line",
    .part_end_meaning = "ends the head",
    .part_body_header = "header of the batch",
    .part_body_header_meaning =
        "version, suite, epoch and number of blinded values; no two users of one epoch differ in "
        "more than the number",
    .part_elements = {"{n} blinded value of {size} bytes", "{n} blinded values of {size} bytes each"},
    .part_elements_meaning = "nothing about any contact; see “Why a blinded value tells nothing”",
    .part_handle = "handle of a label",
    .part_handle_meaning =
        "which label is wanted; the service made the same handle from the subscriber’s number, so it knows "
        "whose it is",
    .part_cut = "The connection ended before all of this request was sent.",

    .token_title = "The access token",
    .token_intro =
        "It shows the service that an account may ask, and goes with evaluations only. Public files are "
        "fetched over another connection, without it.",
    .token_account = "Account",
    .token_issuer = "Issued by",
    .token_audience = "For the operator",
    .token_scope = "Allows",
    .token_id = "Token ID",
    .token_issued = "Issued",
    .token_expires = "Valid until",

    .readers_title = "Who can read what",
    .column_party = "Who",
    .column_reads = "can read",
    .column_reads_not = "cannot read",
    .service = {"The service",
                "what is listed here as sent: the account, the time, the IP address the request came from, "
                "the size of each batch, and which edition of the directory the device held before",
                "contacts, their number, and who of them was found"},
    .service_labels =
        {"The service",
         "what is listed here as sent: the account, the time, the IP address the request came from, "
         "the size of each batch, which edition of the directory the device held before, and which "
         "subscribers’ labels were asked for",
         "other contacts, their number, and who else of them was found"},
    .cheat = {"A service that cheats",
              "also whether one number is in the address book, if it plants this number as a subscriber and "
              "the user then "
              "acts on the match, for instance by writing to it",
              "anything about contacts with whom the user does nothing after the search"},
    .network_tls = {"Networks on the way",
                    "the host name and the IP addresses, when something was sent, and how much",
                    "the content, the access token and the account: TLS hides them"},
    .network_plain = {"Networks on the way",
                      "all that is listed here, the access token included: this connection was not encrypted",
                      "contacts, their number, and who of them was found"},
    .quantum = {"Whoever records all this and has a quantum computer later",
                "what TLS hides today: the account and the access token",
                "contacts: a blinded value fits every number, whatever computer is used"},
    .reader = {"Whoever reads this report",
               "the account, the times, and how many numbers and names the address book holds",
               "contacts, their numbers and names, and who of them was found"},

    .blinding_title = "Why a blinded value tells nothing",
    .blinding = {"Each number is turned into a point of a mathematical group, and a random point is added to "
                 "it. The random "
                 "point is drawn anew for every value and never leaves the device. The sum is as random as "
                 "that point: for "
                 "<em>every</em> phone number there is exactly one random point that would have given the "
                 "same value. So the "
                 "value fits all numbers alike. More computing power does not help, since there is nothing "
                 "to be found.",
                 "A hash would not do. All phone numbers of a country can be hashed in minutes, and a hash "
                 "that was sent can "
                 "then be looked up in that list.",
                 "For experts: RFC 9497, VOPRF mode, additive blinding H(x) + r·G with r uniform and fresh "
                 "for each element; "
                 "dummies are blinded the same way, and positions are shuffled. The hiding is statistical "
                 "and rests on no "
                 "assumption of hardness. It rests on the random numbers of this device."},

    .limits_title = "Limits of this report",
    .limits = {"Sizes are those of HTTP before encryption. TLS, TCP and IP add their own bytes. Looking up "
               "the host name and "
               "setting up TLS show the name of the service to the network, though not what is asked.",
               "A byte counts as sent once the operating system has taken it. If a connection was cut, the "
               "service may have "
               "received less.",
               "The report covers this run of this program. What the user or the messenger does afterwards "
               "is not in it, and "
               "writing to a contact does reveal that contact.",
               "The report is the program’s own word. It can be checked from outside: a recording proxy "
               "between program and "
               "service sees the very bytes listed here; the project does so in its tests.",
               "What the operator does with what it received – account, address, time – no report of this "
               "device can show. "
               "What was never sent, it cannot keep."},

    .officers_title = "For data-protection officers",
    .officers_nothing =
        "This run sent the operator neither access token nor batch. It sees the IP address and the time as "
        "soon as "
        "a connection is made.",
    .officers =
        {"Personal data that this run sent to the operator: the content of the access token (see above), the "
         "IP "
         "address, the time and the sizes of the batches. They concern the user, not the contacts.",
         "Of the contacts, whether they subscribe or not, nothing was sent from which anyone could tell them "
         "apart, "
         "find or confirm one, the operator with all its keys included. This is a property of the values "
         "that were "
         "sent, not a promise about their use. Whether it settles a question of law is for you to judge.",
         "Matches, names and numbers were put together on this device. A sealed file may keep numbers and "
         "results here, so that a later run need not look them up again."},
    .officers_labels =
        "Of the contacts whose labels were asked for, this run told the operator that the account asked for "
        "them: it "
        "can tell which of its subscribers they are. Of all others nothing was sent from which anyone could "
        "tell "
        "them apart, find or confirm one, the operator with all its keys included. Whether this settles a "
        "question "
        "of law is for you to judge.",

    .about_title = "About this report",
    .about =
        "It holds no contact’s phone number, name or label and no match, so it can be shown to others. It "
        "does hold the account {account} and the rest of what the access token says, the service, the times, "
        "and two counts: how many numbers and how many names the address "
        "book holds.",
    .written = "Written on {when} by {program}; format <code>blindbook.disclosure/1</code>.",
};

}  // namespace

const DisclosureTexts& english_texts() noexcept {
  return kEnglish;
}

}  // namespace blindbook::cli
