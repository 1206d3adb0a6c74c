package io.inmesh.spring.boot.client;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.client.reactive.ClientHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.ContextView;

/**
 * One call between Reactor and OkHttp. Whoever takes the response first owns it: the subscriber of its body, or the
 * cancellation that comes before there is one. The owner closes it, so that the mesh's count of calls under way is
 * right whatever happens.
 */
final class ReactiveCall implements Callback {
    private static final int PIECE = 8192;

    private final MonoSink<ClientHttpResponse> sink;
    private final Scheduler scheduler;
    private final @Nullable RequestBody body;
    private final AtomicReference<@Nullable Call> call = new AtomicReference<>();
    private final AtomicReference<@Nullable Response> arrived = new AtomicReference<>();
    private final AtomicBoolean owned = new AtomicBoolean();
    private volatile boolean canceled;

    private ReactiveCall(
            MonoSink<ClientHttpResponse> sink, Scheduler scheduler, MeshReactiveRequest request, ContextView context) {
        this.sink = sink;
        this.scheduler = scheduler;
        this.body = request.body(context, this::isCanceled);
    }

    /** Sends a request when it is subscribed to. */
    static Mono<ClientHttpResponse> send(OkHttpClient client, Scheduler scheduler, MeshReactiveRequest request) {
        return Mono.create(sink -> {
            ReactiveCall call = new ReactiveCall(sink, scheduler, request, sink.contextView());
            try {
                Request toSend = request.toOkHttp(call.body);
                call.start(client.newCall(toSend));
            } catch (IOException e) {
                sink.error(e);
            }
        });
    }

    private void start(Call started) {
        call.set(started);
        sink.onCancel(this::cancel);
        started.enqueue(this);
    }

    private boolean isCanceled() {
        Call running = call.get();
        return running != null && running.isCanceled();
    }

    private void cancel() {
        canceled = true;
        Call running = call.get();
        if (running != null) {
            running.cancel();
        }
        Response response = arrived.get();
        if (response != null && owned.compareAndSet(false, true)) {
            response.close();
        }
    }

    @Override
    public void onFailure(Call failed, IOException e) {
        Throwable own = body instanceof PublishedBody published ? published.failure() : null;
        sink.error(own == null ? e : own);
    }

    @Override
    public void onResponse(Call answered, Response response) {
        arrived.set(response);
        if (canceled && owned.compareAndSet(false, true)) {
            response.close();
            return;
        }
        sink.success(new MeshReactiveResponse(response, pieces(response)));
    }

    /** Reads on a thread that may wait, a piece for each one asked for. */
    private Flux<DataBuffer> pieces(Response response) {
        return Flux.<DataBuffer, BufferedSource>generate(
                        () -> {
                            if (!owned.compareAndSet(false, true)) {
                                throw new IOException("Canceled");
                            }
                            return response.body().source();
                        },
                        (source, next) -> {
                            try {
                                Buffer piece = new Buffer();
                                if (source.read(piece, PIECE) < 0) {
                                    next.complete();
                                } else {
                                    next.next(DefaultDataBufferFactory.sharedInstance.wrap(piece.readByteArray()));
                                }
                            } catch (IOException e) {
                                if (canceled) {
                                    next.complete();
                                } else {
                                    next.error(e);
                                }
                            }
                            return source;
                        },
                        source -> response.close())
                .subscribeOn(scheduler)
                .doOnCancel(this::cancel);
    }
}
