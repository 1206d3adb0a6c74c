package io.inmesh.spring.boot.client;

import io.inmesh.inbound.InboundContext;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ClientHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

/**
 * One call between Reactor and OkHttp. Its answer always has one owner, who closes it: this call until somebody
 * subscribes to the body, from then on that subscription. A cancellation that comes after the answer was handed over and
 * before anybody subscribes is the last word, and closes it.
 */
final class ReactiveCall implements Callback, OpenCalls.OpenCall {
    private static final int PIECE = 8192;

    private enum State {
        WAITING,
        HANDED_OVER,
        SUBSCRIBED,
        READING,
        ENDED
    }

    private final Scheduler scheduler;
    private final OpenCalls open;
    private final ContextView context;
    private final MeshReactiveRequest request;
    private final @Nullable RequestBody body;
    private final @Nullable InboundContext inbound;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final Sinks.Empty<Void> stop = Sinks.empty();
    private volatile @Nullable IOException stopped;
    private volatile @Nullable MonoSink<ClientHttpResponse> sink;
    private volatile @Nullable Call call;
    private volatile @Nullable Response response;
    private volatile @Nullable HttpHeaders headers;
    private volatile @Nullable Thread handing;
    private volatile boolean abandonedInHand;
    private volatile boolean canceled;

    private ReactiveCall(MeshTransport transport, MeshReactiveRequest request, ContextView context) {
        // As a plain executor, of which a cancellation interrupts no thread: the call is cancelled itself.
        InboundContext carried = request.inbound(context);
        Executor executor = transport.executor()::execute;
        this.inbound = carried;
        this.scheduler =
                Schedulers.fromExecutor(carried == null ? executor : work -> executor.execute(carried.carriedBy(work)));
        this.open = transport.openCalls();
        this.context = context;
        this.request = request;
        this.body = request.body(context, this::isCanceled);
    }

    /** Sends a request when it is subscribed to. */
    static Mono<ClientHttpResponse> send(OkHttpClient client, MeshTransport transport, MeshReactiveRequest request) {
        return request.looked(Mono.deferContextual(context -> {
            ReactiveCall call = new ReactiveCall(transport, request, context);
            // A sink hears of no cancellation once it has a value; this operator does.
            return Mono.<ClientHttpResponse>create(sink -> call.start(client, sink))
                    .doOnCancel(call::abandon);
        }));
    }

    private void start(OkHttpClient client, MonoSink<ClientHttpResponse> waiting) {
        sink = waiting;
        try {
            Call made = client.newCall(ReactiveObservations.remembered(request.toOkHttp(body, inbound), context));
            call = made;
            open.add(this);
            if (state.get() == State.ENDED) {
                made.cancel();
            }
            made.enqueue(this);
        } catch (IOException e) {
            waiting.error(e);
        }
    }

    private boolean isCanceled() {
        Call running = call;
        return running != null && running.isCanceled();
    }

    private void cancelCall() {
        Call running = call;
        if (running != null) {
            running.cancel();
        }
    }

    /**
     * Ends the call unless somebody has subscribed to the body. An operator that takes the first of many elements cancels
     * while it is handed that one and uses it, so during the hand-over it is waited for what becomes of the answer.
     */
    void abandon() {
        if (Thread.currentThread() == handing) {
            abandonedInHand = true;
        } else if (state.compareAndSet(State.WAITING, State.ENDED)) {
            cancelCall();
        } else if (state.compareAndSet(State.HANDED_OVER, State.ENDED)) {
            cancelCall();
            close();
        }
    }

    /** Whether the answer of this call has these headers, by identity. */
    boolean handedOver(HttpHeaders of) {
        return headers == of;
    }

    boolean hasEnded() {
        return state.get() == State.ENDED;
    }

    @Override
    public void end(IOException why) {
        // First, or a read that fails in between would end the body as if it were whole.
        stop.tryEmitError(why);
        stopped = why;
        cancelCall();
        if (state.compareAndSet(State.HANDED_OVER, State.ENDED)) {
            close();
        }
    }

    /** What comes of the call may make further ones. */
    private void tell(Runnable signal) {
        if (inbound == null) {
            signal.run();
        } else {
            inbound.carriedBy(signal).run();
        }
    }

    @Override
    public void onFailure(Call failed, IOException e) {
        open.remove(this);
        MonoSink<ClientHttpResponse> waiting = sink;
        if (state.compareAndSet(State.WAITING, State.ENDED) && waiting != null) {
            Throwable own = body instanceof PublishedBody published ? published.failure() : null;
            IOException why = stopped;
            tell(() -> waiting.error(own != null ? own : why != null ? why : e));
        }
    }

    @Override
    public void onResponse(Call answered, Response received) {
        response = received;
        if (!state.compareAndSet(State.WAITING, State.HANDED_OVER)) {
            close();
            return;
        }
        MonoSink<ClientHttpResponse> waiting = sink;
        try {
            MeshReactiveResponse handed = new MeshReactiveResponse(received, pieces(received));
            headers = handed.getHeaders();
            ExchangeScope.answered(context, this);
            handing = Thread.currentThread();
            if (waiting != null) {
                tell(() -> waiting.success(handed));
            }
        } catch (RuntimeException e) {
            abandonedInHand = true;
            if (waiting != null) {
                waiting.error(e);
            }
        } finally {
            handing = null;
            if (abandonedInHand || stopped != null) {
                abandon();
            }
        }
    }

    /** Reads on a thread that may wait, a piece for each one asked for. */
    private Flux<DataBuffer> pieces(Response received) {
        return Flux.defer(() -> {
            if (!state.compareAndSet(State.HANDED_OVER, State.SUBSCRIBED)) {
                return Flux.generate(next -> next.error(gone()));
            }
            return Flux.<DataBuffer, BufferedSource>generate(() -> source(received), this::next, this::closeRead)
                    .subscribeOn(scheduler)
                    .takeUntilOther(stop.asMono())
                    .doOnError(error -> closeUnread())
                    .doOnCancel(this::cancelReading);
        });
    }

    /** Told to those who ask for a piece, which one that was cancelled itself never does. */
    private IOException gone() {
        IOException why = stopped;
        return why == null ? new IOException("Canceled before the answer was read") : why;
    }

    /** Nothing, where a cancellation was sooner and has closed the answer. */
    private BufferedSource source(Response received) {
        return state.compareAndSet(State.SUBSCRIBED, State.READING)
                ? received.body().source()
                : new Buffer();
    }

    private void closeRead(BufferedSource source) {
        if (state.compareAndSet(State.READING, State.ENDED)) {
            close();
        }
    }

    private BufferedSource next(BufferedSource source, SynchronousSink<DataBuffer> next) {
        try {
            Buffer piece = new Buffer();
            if (source.read(piece, PIECE) < 0) {
                next.complete();
            } else {
                next.next(DefaultDataBufferFactory.sharedInstance.wrap(piece.readByteArray()));
            }
        } catch (IOException e) {
            if (canceled || stopped != null) {
                next.complete();
            } else {
                next.error(e);
            }
        }
        return source;
    }

    private void cancelReading() {
        canceled = true;
        cancelCall();
        closeUnread();
    }

    /** Where no thread was to be had for reading, or none has begun. */
    private void closeUnread() {
        if (state.compareAndSet(State.SUBSCRIBED, State.ENDED)) {
            close();
        }
    }

    private void close() {
        open.remove(this);
        Response received = response;
        if (received != null) {
            received.close();
        }
    }
}
