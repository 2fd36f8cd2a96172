// INVITATION: calls what Discover.kt does not, and everything in a wrong order; ends with 1 where something is not as it must be.
package blindbook.tests

import blindbook.BlindbookError
import blindbook.Client
import blindbook.Fault
import blindbook.Need
import blindbook.newKey
import kotlin.system.exitProcess

private fun expect(holds: Boolean, what: String) {
    if (!holds) {
        System.err.println("not so: $what")
        exitProcess(1)
    }
}

private fun refused(fault: Fault, rule: String, call: () -> Any) {
    try {
        call()
        expect(false, "$rule refuses")
    } catch (error: BlindbookError) {
        expect(error.fault == fault && error.rule == rule && error.message != "", "${error.fault} ${error.rule} is $fault $rule")
    }
}

private inline fun <reified Kind : Throwable> throws(call: () -> Any) {
    try {
        call()
        expect(false, "${Kind::class.java} is thrown")
    } catch (error: Throwable) {
        expect(error is Kind, "$error is a ${Kind::class.java}")
    }
}

fun main(arguments: Array<String>) {
    val invitation = arguments[0]
    val key = newKey()
    expect(!key.contentEquals(newKey()), "keys are fresh")
    val client = Client(invitation, key)
    val nothing = ByteArray(0)
    val later = listOf<() -> Any>(
        { client.step() }, client::request, { client.takeAnswer(nothing) }, client::epochGone, client::allowanceSpent,
        { client.directoryPath }, client::restartDirectory, { client.feedDirectory(nothing) }, client::finishDirectory,
        client::directoryGone, client::result)

    client.add("+493023125000")
    refused(Fault.BAD_INPUT, "identifier.syntax") { client.add("030 23125000") }
    throws<IllegalArgumentException> { client.add("+493023125000\u0000") }
    throws<IllegalArgumentException> { client.feedDirectory(nothing, 1) }
    refused(Fault.API_MISUSE, "run.order") { client.takeAnnouncement(nothing) }
    later.forEach { refused(Fault.API_MISUSE, "run.order", it) }
    refused(Fault.BAD_INPUT, "token.encoding") { client.begin("no token", 1, true) }
    expect(client.need == Need.NOTHING && client.evidence.isEmpty() && !client.stateChanged, "there is no run")
    expect(client.serviceUrl == "https://127.0.0.1", "the service is where the invitation says")

    Client(invitation, key, client.state()).close()
    refused(Fault.BAD_INPUT, "state.key") { Client(invitation, newKey(), client.state()) }
    refused(Fault.BAD_INPUT, "invitation.syntax") { Client("https://127.0.0.1", key) }
    throws<ArrayIndexOutOfBoundsException> { Client(invitation, ByteArray(31)) }

    client.close()
    client.close()
    (later + { client.need } + { client.state() } + { client.evidence }).forEach { throws<IllegalStateException>(it) }
}
