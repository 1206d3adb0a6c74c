package io.inmesh.okhttp;

import java.io.IOException;
import java.net.Socket;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.internal.connection.RealCall;
import okhttp3.internal.connection.RealConnection;
import org.jspecify.annotations.Nullable;

/**
 * The connection that a call keeps from its last answer for its next request. OkHttp takes it unasked when that request
 * has the same host and port, and gives it back to the pool when it has others; to give it back for another endpoint of
 * the same host, the same steps are taken here. They are not part of OkHttp's API, so every method has an answer for an
 * OkHttp that lacks them, or for a module system that hides them.
 */
final class HeldConnection {
    private HeldConnection() {}

    /**
     * The connection that the call holds; for the call's thread.
     *
     * @param known what the events of the call said, which is the answer where the call cannot be asked
     */
    static @Nullable Connection of(Call call, @Nullable Connection known) {
        try {
            return call instanceof RealCall real ? real.getConnection() : known;
        } catch (LinkageError e) {
            return known;
        }
    }

    /**
     * Gives the call's connection back to the pool and tells the listeners; for the call's thread, between two requests.
     *
     * @return false when it is still held
     */
    static boolean release(Call call) {
        try {
            if (!(call instanceof RealCall real)) {
                return false;
            }
            RealConnection held = real.getConnection();
            if (held == null) {
                return true;
            }
            Socket unwanted;
            synchronized (held) {
                unwanted = real.releaseConnectionNoEvents$okhttp();
            }
            if (unwanted != null) {
                closeQuietly(unwanted);
            }
            real.getEventListener$okhttp().connectionReleased(call, held);
            held.getConnectionListener$okhttp().connectionReleased(held, call);
            if (unwanted != null) {
                held.getConnectionListener$okhttp().connectionClosed(held);
            }
            return true;
        } catch (LinkageError e) {
            return false;
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use to anybody any more, closed or not.
        }
    }
}
