// blindbook for Kotlin, on Android and on any JVM, over blindbook_jni.c and libblindbook: docs/mobile.md.
package blindbook

import java.io.Closeable

/** By whose fault nothing happened: branch on this and on nothing finer. */
enum class Fault { PEER_MISBEHAVED, BAD_INPUT, API_MISUSE, UNAVAILABLE, SPENT }

/** [rule] is a stable name, listed in docs/spec/errors.md; [hint] is what the user can do, or empty. */
class BlindbookError(val fault: Fault, val rule: String, message: String, val hint: String) : Exception(message) {
    /** Made by blindbook_jni.c. */
    internal constructor(status: Int, rule: ByteArray, message: ByteArray, hint: ByteArray) : this(
        Fault.values().getOrElse(status - 1) { Fault.UNAVAILABLE },
        String(rule, Charsets.UTF_8), String(message, Charsets.UTF_8), String(hint, Charsets.UTF_8))
}

internal object Native {
    init { System.loadLibrary("blindbook_jni") }

    @JvmStatic external fun newClient(invitation: ByteArray, key: ByteArray, state: ByteArray): Long
    @JvmStatic external fun freeClient(handle: Long)
    @JvmStatic external fun serviceUrl(handle: Long): ByteArray
    @JvmStatic external fun addIdentifier(handle: Long, number: ByteArray, size: Int)
    @JvmStatic external fun begin(handle: Long, token: ByteArray, now: Long, scheduled: Boolean)
    @JvmStatic external fun need(handle: Long): Int
    @JvmStatic external fun stateChanged(handle: Long): Boolean
    @JvmStatic external fun state(handle: Long): ByteArray
    @JvmStatic external fun takeAnnouncement(handle: Long, bytes: ByteArray, size: Int)
    @JvmStatic external fun evidence(handle: Long): ByteArray
    @JvmStatic external fun step(handle: Long, maxItems: Int): LongArray
    @JvmStatic external fun request(handle: Long): ByteArray
    @JvmStatic external fun takeAnswer(handle: Long, bytes: ByteArray, size: Int)
    @JvmStatic external fun takeRefusal(handle: Long, refusal: Int)
    @JvmStatic external fun directoryPath(handle: Long): ByteArray
    @JvmStatic external fun restartDirectory(handle: Long)
    @JvmStatic external fun feedDirectory(handle: Long, bytes: ByteArray, size: Int)
    @JvmStatic external fun finishDirectory(handle: Long)
    @JvmStatic external fun directoryGone(handle: Long)
    @JvmStatic external fun result(handle: Long): LongArray
    @JvmStatic external fun head(handle: Long): ByteArray
    @JvmStatic external fun match(handle: Long, index: Long): ByteArray
    @JvmStatic external fun random(out: ByteArray)
}

enum class Need { NOTHING, ANNOUNCEMENT, STEP, ANSWER, DIRECTORY }

/** A contact who subscribes; [label] is empty where the directory has none. */
data class Match(val number: String, val label: String)

/** What a run has come to. [allowanceLeft] is null when nothing was asked for; [head] is of the operator's log. */
class Result(val matches: List<Match>, val evaluated: Long, val notLookedUp: Long, val unopenedLabels: Long,
             val partial: Boolean, val allowanceLeft: Long?, val edition: Long, val head: ByteArray)

/**
 * One person's client of one operator: the loop of blindbook.h, without I/O. [state] gives what the next Client is made from.
 * Calls of several threads wait for one another; each that computes belongs on a background dispatcher.
 */
class Client(invitation: String, key: ByteArray, saved: ByteArray = ByteArray(0)) : Closeable {
    private var handle = Native.newClient(cText(invitation), key, saved)

    private fun open() = if (handle != 0L) handle else throw IllegalStateException("the client is closed")

    @Synchronized override fun close() {
        Native.freeClient(handle)
        handle = 0
    }

    val serviceUrl: String @Synchronized get() = text(Native.serviceUrl(open()))

    /** Adds a number in E.164. The whole address book is added before [begin]. */
    @Synchronized fun add(number: String) = cText(number).let { Native.addIdentifier(open(), it, it.size) }

    /** [now] in Unix seconds; [scheduled] when a timer started the run and not a person. */
    @Synchronized fun begin(token: String, now: Long, scheduled: Boolean) = Native.begin(open(), cText(token), now, scheduled)

    val need: Need @Synchronized get() = Need.values()[Native.need(open())]
    val stateChanged: Boolean @Synchronized get() = Native.stateChanged(open())

    /** To be written durably before a request is sent, and whenever [stateChanged] says so, also after an error. */
    @Synchronized fun state(): ByteArray = Native.state(open())

    @Synchronized fun takeAnnouncement(bytes: ByteArray) = Native.takeAnnouncement(open(), bytes, bytes.size)

    /** The announcements that contradict each other, when [takeAnnouncement] found such; otherwise empty. */
    val evidence: ByteArray @Synchronized get() = Native.evidence(open())

    /** Blinds some more elements; those done, and those of the whole run. */
    @Synchronized fun step(maxItems: Int = 256): Pair<Long, Long> = Native.step(open(), maxItems).let { Pair(it[0], it[1]) }

    @Synchronized fun request(): ByteArray = Native.request(open())
    @Synchronized fun takeAnswer(bytes: ByteArray) = Native.takeAnswer(open(), bytes, bytes.size)

    /** 410. */
    @Synchronized fun epochGone() = Native.takeRefusal(open(), 1)

    /** 429 whose problem type ends in ":allowance". */
    @Synchronized fun allowanceSpent() = Native.takeRefusal(open(), 2)

    val directoryPath: String @Synchronized get() = text(Native.directoryPath(open()))
    @Synchronized fun restartDirectory() = Native.restartDirectory(open())

    /** The first [size] bytes of [piece]. */
    @Synchronized fun feedDirectory(piece: ByteArray, size: Int = piece.size) {
        require(size in 0..piece.size)
        Native.feedDirectory(open(), piece, size)
    }

    @Synchronized fun finishDirectory() = Native.finishDirectory(open())
    @Synchronized fun directoryGone() = Native.directoryGone(open())

    @Synchronized fun result(): Result {
        val numbers = Native.result(open())
        val matches = (0 until numbers[0]).map {
            val (number, label) = String(Native.match(open(), it), Charsets.UTF_8).split('\u0000')
            Match(number, label)
        }
        return Result(matches, numbers[1], numbers[2], numbers[3], numbers[4] != 0L, numbers[5].takeIf { it >= 0 }, numbers[6],
                      Native.head(handle))
    }
}

/** A key for [Client], to be kept where the system keeps keys. */
fun newKey() = ByteArray(32).also(Native::random)

private fun text(bytes: ByteArray) = String(bytes, 0, bytes.size - 1, Charsets.UTF_8)

/** For C, which reads to the first null byte. */
private fun cText(text: String): ByteArray {
    require('\u0000' !in text) { "a text holds a null character" }
    return (text + '\u0000').toByteArray(Charsets.UTF_8)
}
