#include "cli/disclosure_texts.h"

namespace blindbook::cli {
namespace {

constexpr DisclosureTexts kGerman{
    .language = "de",
    .digit_groups = ".",
    .date = "{day}. {month} {year} um {time} UTC",
    .months = {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
               "November", "Dezember"},
    .bytes = {"{n} Byte", "{n} Byte"},
    .requests = {"{n} Anfrage", "{n} Anfragen"},

    .title = "Was dieses Gerät verlassen hat",
    .lead =
        "Am {when} hat blindbook bei {whom} nachgefragt, welche Kontakte eines Adressbuchs dort erreichbar "
        "sind. Dafür "
        "wurden <strong>{bytes}</strong> in {requests} gesendet. Keine Telefonnummer und kein Name aus dem "
        "Adressbuch war darunter, auch nicht als Hashwert.",
    .lead_nothing =
        "Am {when} wollte blindbook bei {whom} nachfragen, welche Kontakte eines Adressbuchs dort erreichbar "
        "sind. Dazu kam es nicht: <strong>Von einer Anfrage wurde nichts gesendet.</strong>",
    .end_complete = "Der Lauf wurde wie vorgesehen beendet.",
    .end_partial =
        "Der Lauf ist unvollständig: Das Kontingent des Kontos war aufgebraucht, bevor alle Nummern "
        "abgefragt "
        "waren. Was gesendet wurde, ist hier vollständig aufgeführt.",
    .end_failed =
        "Der Lauf ist gescheitert: {reason} (<code>{rule}</code>). Was bis dahin gesendet wurde, ist hier "
        "vollständig aufgeführt.",
    .end_unfinished =
        "Dieser Bericht wurde während des Laufs geschrieben, und der Lauf wurde von außen abgebrochen. Was "
        "hier "
        "steht, wurde gesendet; eine weitere Anfrage kann noch hinausgegangen sein.",
    .fault_peer = "Der Dienst hat gegen das Protokoll verstoßen, seine Antwort wurde deshalb nicht verwendet",
    .fault_input =
        "Der Dienst oder dieses Gerät konnte mit den Eingaben nichts anfangen, etwa mit dem Zugangstoken",
    .fault_misuse = "Das Programm hat gegen eine eigene Regel verstoßen",
    .fault_unavailable = "Netz, Dienst oder Gerät waren nicht wie erforderlich verfügbar",
    .fault_spent = "Das Kontingent des Kontos war aufgebraucht",
    .plain_warning =
        "Die Verbindung war <strong>nicht verschlüsselt</strong>. Wer auf dem Weg mitlas, konnte alles "
        "lesen, was "
        "hier aufgeführt ist, auch das Zugangstoken. Das Adressbuch schützen die verblindeten Werte "
        "trotzdem.",
    .labels_warning = {"Auf Wunsch des Nutzers hat dieser Lauf nach der Kennung von <strong>{n} "
                       "Treffer</strong> gefragt. Der Dienst "
                       "kann erkennen, um wen unter den bei ihm Eingetragenen es geht.",
                       "Auf Wunsch des Nutzers hat dieser Lauf nach den Kennungen von <strong>{n} "
                       "Treffern</strong> gefragt. Der "
                       "Dienst kann erkennen, um wen unter den bei ihm Eingetragenen es geht."},

    .sent_title = "Gesendet",
    .sent_nothing = "Nichts.",
    .sent_token = "ein Zugangstoken, das das Konto {account} nennt",
    .sent_public = {"{n} Anfrage nach einer öffentlichen Datei, ohne das Token",
                    "{n} Anfragen nach öffentlichen Dateien, ohne das Token"},
    .sent_batches = {"{n} Paket mit {size} verblindeten Werten, das über keinen Kontakt etwas verrät",
                     "{n} Pakete mit je {size} verblindeten Werten, die über keinen Kontakt etwas verraten"},
    .sent_again =
        {"{n} Paket mit {size} verblindeten Werten, dasselbe wie in einem früheren Lauf ohne Antwort",
         "{n} Pakete mit je {size} verblindeten Werten, dieselben wie in einem früheren Lauf ohne Antwort"},
    .sent_labels = {"{n} Anfrage nach der Kennung eines Treffers, mit einem Griff, den der Dienst kennt",
                    "{n} Anfragen nach Kennungen von Treffern, mit Griffen, die der Dienst kennt"},
    .not_sent_title = "Nicht gesendet",
    .not_sent = {"Telefonnummern aus dem Adressbuch, weder im Klartext noch gekürzt oder als Hashwert",
                 "Namen, Bilder, Notizen oder andere Angaben aus dem Adressbuch",
                 "wie viele Kontakte das Adressbuch enthält: Ein Paket wird immer auf eine von sechs Größen "
                 "aufgefüllt",
                 "welche Kontakte gefunden wurden: Das wurde auf diesem Gerät ermittelt"},
    .not_sent_labels =
        "welche Kontakte gefunden wurden, außer denen, nach deren Kennung gefragt wurde: Das hat dieses "
        "Gerät ermittelt",
    .naive_title = "Was beim Hochladen gesendet worden wäre",
    .naive_numbers = {"{n} Telefonnummer im Klartext", "{n} Telefonnummern im Klartext"},
    .naive_names = {"{n} Name", "{n} Namen"},
    .naive_use =
        "Das sendet ein Messenger, der das Adressbuch hochlädt: alle Einträge, auch die von Menschen, die "
        "dem nie "
        "zugestimmt haben.",

    .requests_title = "Die Anfragen im Einzelnen",
    .requests_intro =
        "Jede Zeile ist ein Versuch; eine wiederholte Anfrage steht hier zweimal. Größen in Byte HTTP, Kopf "
        "+ "
        "Rumpf.",
    .column_number = "Nr.",
    .column_time = "Zeit (UTC)",
    .column_connection = "Verbindung",
    .column_request = "Anfrage",
    .column_as = "Konto",
    .column_sent = "Gesendet",
    .column_received = "Empfangen",
    .column_outcome = "Ergebnis",
    .head_and_body = "{head} + {body}",
    .row_sum = "Insgesamt",
    .nobody = "ohne",
    .none = "keine",
    .outcome_answered = "beantwortet (HTTP {status})",
    .outcome_refused = "abgelehnt (HTTP {status})",
    .outcome_no_name = "Rechnername nicht gefunden",
    .outcome_no_connection = "keine Verbindung",
    .outcome_no_tls = "keine sichere Verbindung",
    .outcome_timeout = "keine Antwort in der vorgesehenen Zeit",
    .outcome_cut = "Verbindung abgebrochen",
    .outcome_unusable = "Antwort nicht verwendbar",
    .charged = "Der Dienst hat vom Kontingent des Kontos {n} Auswertungen abgezogen.",
    .labels_charged = "Der Dienst hat vom Kontingent der Kennungen {n} abgezogen.",
    .maybe_charged =
        "Auch ein Paket ohne Antwort kann abgezogen worden sein; es wird unverändert noch einmal gesendet "
        "und kein zweites Mal abgezogen.",

    .parts_title = "Was jede Anfrage enthielt, Byte für Byte",
    .parts_intro =
        "Die Bytes jeder Tabelle ergeben zusammen, was gesendet wurde. Nur das Zugangstoken ist nicht "
        "abgedruckt: "
        "Wer es hat, kann bis zu seinem Ablauf für das Konto handeln.",
    .column_part = "Teil",
    .column_bytes = "Byte",
    .column_meaning = "Was er verrät",
    .part_request_line = "was angefragt wird; der Pfad nennt eine öffentliche Datei oder die Auswertung",
    .part_host = "die Adresse des Dienstes, wie die Einladung sie nennt",
    .part_same_for_all = "bei allen Nutzern in jeder Anfrage gleich",
    .part_length = "die Größe des Rumpfs; sie folgt aus der Größe des Pakets",
    .part_authorization = "kündigt das Zugangstoken an",
    .part_token = "Zugangstoken",
    .part_token_meaning = "wer anfragt; siehe „Das Zugangstoken“",
    .part_end = "Leerzeile",
    .part_end_meaning = "beendet den Kopf",
    .part_body_header = "Vorspann des Pakets",
    .part_body_header_meaning =
        "Version, Verfahren, Epoche und Anzahl der verblindeten Werte; bei zwei Nutzern derselben "
        "Epoche unterscheidet sich höchstens die Anzahl",
    .part_elements = {"{n} verblindeter Wert mit {size} Byte", "{n} verblindete Werte mit je {size} Byte"},
    .part_elements_meaning =
        "nichts über irgendeinen Kontakt; siehe „Warum ein verblindeter Wert nichts verrät“",
    .part_handle = "Griff einer Kennung",
    .part_handle_meaning =
        "welche Kennung gewünscht ist; der Dienst hat denselben Griff aus der eingetragenen Nummer gebildet "
        "und weiß "
        "daher, wessen er ist",
    .part_cut = "Die Verbindung endete, bevor diese Anfrage ganz gesendet war.",

    .token_title = "Das Zugangstoken",
    .token_intro =
        "Es weist dem Dienst nach, dass ein Konto anfragen darf, und geht nur mit Auswertungen mit. "
        "Öffentliche Dateien werden ohne Token über eine andere Verbindung abgerufen.",
    .token_account = "Konto",
    .token_issuer = "Ausgestellt von",
    .token_audience = "Für den Betreiber",
    .token_scope = "Berechtigt zu",
    .token_id = "Token-ID",
    .token_issued = "Ausgestellt am",
    .token_expires = "Gültig bis",

    .readers_title = "Wer was lesen kann",
    .column_party = "Wer",
    .column_reads = "kann lesen",
    .column_reads_not = "kann nicht lesen",
    .service =
        {"Der Dienst",
         "was hier als gesendet aufgeführt ist: das Konto, die Zeit, die IP-Adresse, von der die "
         "Anfrage kam, die Größe jedes Pakets und welche Ausgabe des Verzeichnisses das Gerät zuvor hatte",
         "Kontakte, deren Anzahl und wer davon gefunden wurde"},
    .service_labels =
        {"Der Dienst",
         "was hier als gesendet aufgeführt ist: das Konto, die Zeit, die IP-Adresse, von der die Anfrage "
         "kam, die Größe jedes Pakets, welche Ausgabe des Verzeichnisses das Gerät zuvor hatte und nach "
         "wessen Kennung gefragt wurde",
         "die übrigen Kontakte, ihre Anzahl und wer sonst unter ihnen gefunden wurde"},
    .cheat = {"Ein Dienst, der betrügt",
              "außerdem, ob eine bestimmte Nummer im Adressbuch steht, wenn er sie als Teilnehmer "
              "unterschiebt und der Nutzer "
              "auf den Treffer hin handelt, ihn etwa anschreibt",
              "etwas über Kontakte, mit denen der Nutzer nach der Suche nichts unternimmt"},
    .network_tls = {"Netze auf dem Weg", "Rechnername und IP-Adressen, wann und wie viel gesendet wurde",
                    "den Inhalt, das Zugangstoken und das Konto: TLS verbirgt sie"},
    .network_plain =
        {"Netze auf dem Weg",
         "alles, was hier aufgeführt ist, auch das Zugangstoken: Diese Verbindung war nicht verschlüsselt",
         "Kontakte, deren Anzahl und wer davon gefunden wurde"},
    .quantum = {"Wer alles aufzeichnet und später einen Quantencomputer hat",
                "was TLS heute verbirgt: das Konto und das Zugangstoken",
                "Kontakte: Ein verblindeter Wert passt zu jeder Nummer, gleich mit welchem Rechner"},
    .reader = {"Wer diesen Bericht liest",
               "das Konto, die Zeiten und wie viele Nummern und Namen das Adressbuch enthält",
               "Kontakte, ihre Nummern und Namen und wer davon gefunden wurde"},

    .blinding_title = "Warum ein verblindeter Wert nichts verrät",
    .blinding = {"Aus jeder Nummer wird ein Punkt einer mathematischen Gruppe, und zu ihm wird ein "
                 "zufälliger Punkt addiert. "
                 "Dieser wird für jeden Wert neu gezogen und verlässt das Gerät nie. Die Summe ist so "
                 "zufällig wie er: Zu "
                 "<em>jeder</em> Telefonnummer gibt es genau einen zufälligen Punkt, der denselben Wert "
                 "ergeben hätte. Der Wert "
                 "passt also zu allen Nummern gleich gut. Mehr Rechenleistung hilft nicht, denn es gibt "
                 "nichts zu finden.",
                 "Ein Hashwert genügt nicht. Alle Telefonnummern eines Landes lassen sich in Minuten hashen, "
                 "und ein gesendeter "
                 "Hashwert lässt sich dann in dieser Liste nachschlagen.",
                 "Für Fachleute: RFC 9497, Modus VOPRF, additive Verblindung H(x) + r·G mit "
                 "gleichverteiltem, für jedes Element "
                 "neu gezogenem r; Füllwerte werden ebenso verblindet, die Reihenfolge wird gemischt. Die "
                 "Verblindung verbirgt "
                 "statistisch und beruht auf keiner Annahme über schwere Probleme. Sie beruht auf den "
                 "Zufallszahlen dieses "
                 "Geräts."},

    .limits_title = "Grenzen dieses Berichts",
    .limits = {"Die Größen gelten für HTTP vor der Verschlüsselung. TLS, TCP und IP kommen hinzu. Die "
               "Auflösung des "
               "Rechnernamens und der Aufbau von TLS zeigen dem Netz den Namen des Dienstes, nicht aber, was "
               "angefragt wird.",
               "Ein Byte gilt als gesendet, sobald das Betriebssystem es übernommen hat. Brach eine "
               "Verbindung ab, kann beim "
               "Dienst weniger angekommen sein.",
               "Der Bericht betrifft diesen Lauf dieses Programms. Was der Nutzer oder der Messenger danach "
               "tut, steht nicht "
               "darin, und wer einen Kontakt anschreibt, gibt ihn preis.",
               "Der Bericht ist eine Angabe des Programms selbst. Er lässt sich von außen prüfen: Ein "
               "aufzeichnender Proxy "
               "zwischen Programm und Dienst sieht genau die Bytes, die hier stehen; das Projekt prüft es so "
               "in seinen Tests.",
               "Was der Betreiber mit dem macht, was er erhalten hat – Konto, Adresse, Zeit –, kann kein "
               "Bericht dieses Geräts "
               "zeigen. Was nie gesendet wurde, kann er nicht aufbewahren."},

    .officers_title = "Für Datenschutzbeauftragte",
    .officers_nothing =
        "Dieser Lauf hat dem Betreiber weder Zugangstoken noch Paket übermittelt. IP-Adresse und Zeit sieht "
        "er, sobald "
        "eine Verbindung zustande kommt.",
    .officers = {"Personenbezogene Daten, die dieser Lauf dem Betreiber übermittelt hat: der Inhalt des "
                 "Zugangstokens (siehe "
                 "oben), die IP-Adresse, die Zeit und die Größe der Pakete. Sie betreffen den Nutzer, nicht "
                 "die Kontakte.",
                 "Über die Kontakte, ob Teilnehmer oder nicht, wurde nichts gesendet, woran irgendwer sie "
                 "unterscheiden, "
                 "ermitteln oder bestätigen könnte, auch nicht der Betreiber mit all seinen Schlüsseln. Das "
                 "ist eine Eigenschaft "
                 "der gesendeten Werte, keine Zusage über ihre Verwendung. Ob damit eine Rechtsfrage "
                 "beantwortet ist, haben Sie "
                 "zu beurteilen.",
                 "Treffer, Namen und Nummern wurden auf diesem Gerät zusammengeführt. Eine versiegelte Datei "
                 "kann Nummern und "
                 "Ergebnisse hier aufbewahren, damit ein späterer Lauf sie nicht noch einmal abfragen muss."},
    .officers_labels =
        "Über die Kontakte, nach deren Kennung gefragt wurde, hat der Betreiber erfahren, dass dieses Konto "
        "nach ihnen "
        "gefragt hat: Er kann erkennen, um wen unter den bei ihm Eingetragenen es geht. Über alle anderen "
        "wurde nichts "
        "gesendet, woran irgendwer sie unterscheiden, auffinden oder bestätigen könnte, auch der Betreiber "
        "mit allen "
        "seinen Schlüsseln nicht. Ob damit eine Rechtsfrage beantwortet ist, müssen Sie beurteilen.",

    .about_title = "Über diesen Bericht",
    .about =
        "Er enthält von keinem Kontakt Telefonnummer, Namen oder Messenger-Adresse und keinen Treffer und "
        "kann deshalb anderen gezeigt werden. Er enthält aber das Konto {account} und die übrigen Angaben "
        "des Zugangstokens, den Dienst, die Zeiten und zwei Zahlen: wie viele Nummern und wie viele Namen "
        "das Adressbuch enthält.",
    .written = "Geschrieben am {when} von {program}; Format <code>blindbook.disclosure/1</code>.",
};

}  // namespace

const DisclosureTexts& german_texts() noexcept {
  return kGerman;
}

}  // namespace blindbook::cli
