// URL INVITATION TOKEN-FILE STATE-FOLDER NUMBER..: prints a line "NUMBER LABEL" for each match, then how many numbers were newly
// evaluated. Of it an app on Android takes discover(); its key lies in the Keystore (docs/mobile.md), not in a file.
package blindbook.examples

import blindbook.BlindbookError
import blindbook.Client
import blindbook.Need
import blindbook.Result
import blindbook.newKey
import java.io.File
import java.io.FileOutputStream
import java.io.IOException
import java.io.InputStream
import java.net.HttpURLConnection
import java.net.URL
import kotlin.system.exitProcess

private fun open(url: String): HttpURLConnection {
    val connection = URL(url).openConnection() as HttpURLConnection
    connection.instanceFollowRedirects = false
    connection.setRequestProperty("Connection", "close")  // nothing ties the directory to the token
    connection.connectTimeout = 30_000
    connection.readTimeout = 30_000
    return connection
}

/** No announcement and no answer has more than a mebibyte. */
private fun whole(body: InputStream): ByteArray {
    val out = java.io.ByteArrayOutputStream()
    pieces(body) { piece, size ->
        out.write(piece, 0, size)
        if (out.size() > 1 shl 20) throw IOException("the answer is longer than any valid one")
    }
    return out.toByteArray()
}

private fun pieces(body: InputStream, take: (ByteArray, Int) -> Unit) = body.use {
    val piece = ByteArray(1 shl 16)
    while (true) {
        val size = it.read(piece)
        if (size < 0) break
        take(piece, size)
    }
}

/** Which of the client's numbers subscribe. [save] writes the state where it survives a crash. IOException, BlindbookError. */
fun discover(client: Client, url: String, token: String, scheduled: Boolean, save: (ByteArray) -> Unit): Result {
    client.begin(token, System.currentTimeMillis() / 1000, scheduled)
    try {
        while (true) {
            when (client.need) {
                Need.NOTHING -> return client.result()
                Need.ANNOUNCEMENT -> client.takeAnnouncement(whole(expectOk(open("$url/v1/announcement")).inputStream))
                Need.STEP -> client.step()
                Need.ANSWER -> {
                    save(client.state())
                    evaluate(client, url, token)
                }
                Need.DIRECTORY -> readDirectory(client, url)
            }
        }
    } finally {
        if (client.stateChanged) save(client.state())
    }
}

private fun expectOk(connection: HttpURLConnection): HttpURLConnection {
    if (connection.responseCode != 200) throw IOException("the service answered with HTTP ${connection.responseCode}")
    return connection
}

private fun evaluate(client: Client, url: String, token: String) {
    val connection = open("$url/v1/evaluate")
    connection.doOutput = true
    connection.setRequestProperty("Authorization", "Bearer $token")
    connection.setRequestProperty("Content-Type", "application/octet-stream")
    connection.outputStream.use { it.write(client.request()) }
    when (connection.responseCode) {
        410 -> client.epochGone()
        429 -> {
            if (":allowance\"" !in String(whole(connection.errorStream))) expectOk(connection)
            client.allowanceSpent()
        }
        else -> client.takeAnswer(whole(expectOk(connection).inputStream))
    }
}

private fun readDirectory(client: Client, url: String) {
    val connection = open(url + client.directoryPath)
    if (connection.responseCode == 404 || connection.responseCode == 410) return client.directoryGone()
    pieces(expectOk(connection).inputStream, client::feedDirectory)
    client.finishDirectory()
}

/** A crash leaves the old file or the new one. */
fun writeAtomically(file: File, data: ByteArray) {
    val new = File(file.path + ".new")
    FileOutputStream(new).use {
        it.write(data)
        it.fd.sync()
    }
    if (!new.renameTo(file)) throw IOException("$file cannot be written")
}

fun main(arguments: Array<String>) {
    val (url, invitation, tokenFile, folder) = arguments
    File(folder).mkdirs()
    val key = File(folder, "key")
    val state = File(folder, "state")
    if (!key.exists()) writeAtomically(key, newKey())
    try {
        Client(invitation, key.readBytes(), if (state.exists()) state.readBytes() else ByteArray(0)).use { client ->
            arguments.drop(4).forEach(client::add)
            val result = discover(client, url, File(tokenFile).readText().trim(), false) { writeAtomically(state, it) }
            result.matches.forEach { println("${it.number} ${it.label}") }
            println(result.evaluated)
        }
    } catch (error: BlindbookError) {
        System.err.println("${error.fault} ${error.rule}: ${error.message}")
        exitProcess(1)
    } catch (error: IOException) {
        System.err.println(error.message)
        exitProcess(1)
    }
}
