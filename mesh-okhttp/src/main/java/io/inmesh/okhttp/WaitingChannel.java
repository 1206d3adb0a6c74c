package io.inmesh.okhttp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * Reads and writes of a socket over a channel that does not block, with waits beside it.
 *
 * <p>A channel in blocking mode closes when the thread inside is interrupted, which on an HTTP/2 connection fails the calls
 * of all others. A plain socket does not, but cannot say whether the server has closed it without waiting a millisecond.
 * This does both: an interrupted thread goes on to the end of its read or write, as with a plain socket, and OkHttp's own
 * timeouts tell it afterwards.
 *
 * <p>A virtual thread waits inside, with the channel in blocking mode: up to Java 23 a selector holds its carrier. An
 * interrupt then closes the connection and ends the wait, which is what plain sockets do with virtual threads. Not so
 * where the connection is {@linkplain #shared() shared}: it is never closed.
 *
 * <p>Thread-safe as far as a socket is: one reader and one writer at a time.
 */
final class WaitingChannel {
    /** What a read or write moves at most, since the runtime keeps a buffer of that size for each thread. */
    private static final int MOST_BYTES = 1 << 16;

    /** What OkHttp sets while it looks whether an idle connection is alive: such a read has to end by itself. */
    private static final int LOOK_MILLIS = 1;

    private final SocketChannel channel;
    private final Readiness forReading;
    private final Readiness forWriting;
    private volatile int readTimeoutMillis;
    private volatile boolean shared;
    private volatile boolean readsTimedAbove;
    private volatile boolean writeWaits;
    private volatile boolean ended;

    /** Nothing is likely to be there: the last read took what there was, or a request has been written since. */
    private volatile boolean drained;

    /** Takes a channel over, which from here on does not block. */
    WaitingChannel(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.forReading = new Readiness(channel);
        this.forWriting = new Readiness(channel);
        channel.configureBlocking(false);
    }

    /** Of each read; 0 for none. The channel's own socket has to be told as well. */
    void readTimeout(int millis) {
        readTimeoutMillis = millis;
    }

    /**
     * Whoever reads from here on closes the channel when a read takes too long, as OkHttp does in a call. A virtual thread
     * that waits with a timeout of its own wakes a thread of the runtime for each wait, to start the timer and to stop it.
     */
    void readsTimedAbove() {
        if (!readsTimedAbove) {
            readsTimedAbove = true;
        }
    }

    /** Others than the calling thread depend on the connection, which therefore has to stay whole. */
    void shared() {
        shared = true;
    }

    /** Whether a thread waits for the server to read. */
    boolean writeWaits() {
        return writeWaits;
    }

    /** As {@link java.net.Socket#connect(java.net.SocketAddress, int)}. */
    void connect(InetSocketAddress address, int timeoutMillis) throws IOException {
        if (address.isUnresolved()) {
            throw new UnknownHostException(address.getHostString());
        }
        try {
            if (waitsInside()) {
                inBlockingMode(() -> {
                    channel.socket().connect(address, timeoutMillis);
                    return 0;
                });
            } else if (!channel.connect(address)) {
                do {
                    if (!forReading.await(SelectionKey.OP_CONNECT, timeoutMillis)) {
                        close();
                        throw new SocketTimeoutException("Connect timed out");
                    }
                } while (!channel.finishConnect());
            }
        } catch (IOException | ClosedSelectorException | CancelledKeyException e) {
            throw asOfASocket(e);
        }
    }

    /** Whether a read has met the end: nothing more comes from the server. */
    boolean ended() {
        return ended;
    }

    /** As {@link java.io.InputStream#read(byte[], int, int)}. */
    int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int got = readSome(bytes, offset, length);
        if (got < 0) {
            ended = true;
        }
        return got;
    }

    private int readSome(byte[] bytes, int offset, int length) throws IOException {
        try {
            if (waitsInside()) {
                return inBlockingMode(
                        readsTimedAbove && readTimeoutMillis != LOOK_MILLIS
                                ? () -> channel.read(ByteBuffer.wrap(bytes, offset, Math.min(length, MOST_BYTES)))
                                : () -> channel.socket().getInputStream().read(bytes, offset, length));
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, Math.min(length, MOST_BYTES));
            boolean waitFirst = drained;
            while (true) {
                if (!waitFirst) {
                    int got = channel.read(buffer);
                    if (got != 0) {
                        drained = got > 0 && buffer.hasRemaining();
                        return got;
                    }
                }
                waitFirst = false;
                if (!forReading.await(SelectionKey.OP_READ, readTimeoutMillis)) {
                    throw new SocketTimeoutException("Read timed out");
                }
            }
        } catch (IOException | ClosedSelectorException | CancelledKeyException e) {
            throw asOfASocket(e);
        }
    }

    /** As {@link java.io.OutputStream#write(byte[], int, int)}. */
    void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            for (int done = 0; done < length; ) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset + done, Math.min(length - done, MOST_BYTES));
                done += channel.write(buffer);
                if (buffer.hasRemaining()) {
                    done += awaitWritable(buffer);
                }
            }
            drained = true;
        } catch (IOException | ClosedSelectorException | CancelledKeyException e) {
            throw asOfASocket(e);
        }
    }

    /** Returns how much the wait has written already. */
    private int awaitWritable(ByteBuffer buffer) throws IOException {
        writeWaits = true;
        try {
            if (waitsInside()) {
                return inBlockingMode(() -> channel.write(buffer));
            }
            forWriting.await(SelectionKey.OP_WRITE, 0);
            return 0;
        } finally {
            writeWaits = false;
        }
    }

    private boolean waitsInside() {
        return !shared && VirtualThreads.isCurrent();
    }

    private int inBlockingMode(Wait wait) throws IOException {
        // A channel with a selector cannot block.
        forReading.release();
        forWriting.release();
        channel.configureBlocking(true);
        try {
            return wait.await();
        } finally {
            if (channel.isOpen()) {
                channel.configureBlocking(false);
            }
        }
    }

    /** A wait inside a channel, and how many bytes it moves. */
    @FunctionalInterface
    private interface Wait {
        int await() throws IOException;
    }

    /**
     * Whether the server has closed its side, or sent something, while nobody waited for it. Takes what it finds, so the
     * connection is of no more use if this is true. Does not wait.
     */
    boolean hungUp() {
        try {
            return channel.read(ByteBuffer.allocate(1)) != 0;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Ends whatever waits. */
    void close() throws IOException {
        try {
            channel.close();
        } finally {
            try {
                forReading.close();
            } finally {
                forWriting.close();
            }
        }
    }

    /** What a plain socket says. */
    private static IOException asOfASocket(Exception failure) {
        if (failure instanceof SocketException || failure instanceof InterruptedIOException) {
            return (IOException) failure;
        }
        if (failure instanceof ClosedByInterruptException) {
            return new InterruptedIOException("interrupted");
        }
        boolean closed = !(failure instanceof IOException) || failure instanceof ClosedChannelException;
        SocketException told = new SocketException(closed ? "Socket closed" : failure.getMessage());
        told.setStackTrace(failure.getStackTrace());
        return told;
    }
}
