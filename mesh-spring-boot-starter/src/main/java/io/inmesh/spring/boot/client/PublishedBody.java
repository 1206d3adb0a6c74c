package io.inmesh.spring.boot.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A body that is published piece by piece and written to the wire as the pieces come. No more than a few pieces are
 * asked for ahead of the wire. Sent once.
 */
final class PublishedBody extends RequestBody {
    private static final int AHEAD = 4;
    private static final long LOOK_UP_MILLIS = 50;
    private static final Object END = new Object();

    private final Publisher<? extends DataBuffer> pieces;
    private final long length;
    private final ContextView context;
    private final BooleanSupplier canceled;
    private volatile @Nullable Throwable failure;

    /**
     * Makes a body.
     *
     * @param length -1 when it is not known
     * @param canceled asked while waiting for a piece
     */
    PublishedBody(Publisher<? extends DataBuffer> pieces, long length, ContextView context, BooleanSupplier canceled) {
        this.pieces = pieces;
        this.length = length;
        this.context = context;
        this.canceled = canceled;
    }

    /** Why the publisher failed; null when it did not. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Left to the Content-Type header of the request. */
    @Override
    public @Nullable MediaType contentType() {
        return null;
    }

    @Override
    public long contentLength() {
        return length;
    }

    @Override
    public boolean isOneShot() {
        return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        Receiver receiver = new Receiver(Context.of(context));
        Flux.<DataBuffer>from(pieces).subscribe(receiver);
        try {
            for (Object next = receiver.next(sink); next != END; next = receiver.next(sink)) {
                write((DataBuffer) next, sink);
                receiver.more();
            }
        } finally {
            receiver.stop();
        }
        Throwable thrown = receiver.thrown;
        if (thrown != null) {
            failure = thrown;
            throw new IOException("The publisher of the request body failed", thrown);
        }
    }

    private static void write(DataBuffer piece, BufferedSink sink) throws IOException {
        try (DataBuffer.ByteBufferIterator parts = piece.readableByteBuffers()) {
            while (parts.hasNext()) {
                ByteBuffer part = parts.next();
                while (part.hasRemaining()) {
                    sink.write(part);
                }
            }
        } finally {
            DataBufferUtils.release(piece);
        }
    }

    /** Hands pieces from the publisher's thread to the one that writes. */
    private final class Receiver extends BaseSubscriber<DataBuffer> {
        private final BlockingQueue<Object> pending = new LinkedBlockingQueue<>();
        private final Context context;
        private volatile @Nullable Throwable thrown;
        private volatile boolean stopped;

        Receiver(Context context) {
            this.context = context;
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(AHEAD);
        }

        @Override
        protected void hookOnNext(DataBuffer piece) {
            pending.add(piece);
            if (stopped) {
                releasePending();
            }
        }

        @Override
        protected void hookOnError(Throwable error) {
            thrown = error;
            pending.add(END);
        }

        @Override
        protected void hookOnComplete() {
            pending.add(END);
        }

        /** The next piece or {@link #END}; what is written so far goes out while there is none. */
        Object next(BufferedSink sink) throws IOException {
            Object next = pending.poll();
            if (next != null) {
                return next;
            }
            sink.flush();
            try {
                while (next == null) {
                    if (canceled.getAsBoolean()) {
                        throw new IOException("Canceled");
                    }
                    next = pending.poll(LOOK_UP_MILLIS, TimeUnit.MILLISECONDS);
                }
                return next;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while waiting for the request body", e);
            }
        }

        void more() {
            request(1);
        }

        void stop() {
            stopped = true;
            cancel();
            releasePending();
        }

        private void releasePending() {
            for (Object piece = pending.poll(); piece != null; piece = pending.poll()) {
                if (piece instanceof DataBuffer buffer) {
                    DataBufferUtils.release(buffer);
                }
            }
        }
    }
}
