package io.inmesh.spring.boot.cloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A body that no header tells of belongs to somebody at each moment, since its beginning is read before the exchange goes on. */
class LookedBodyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final NettyDataBufferFactory buffers = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);
    private final ByteBuf first = Unpooled.copiedBuffer("first", StandardCharsets.US_ASCII);
    private final ByteBuf second = Unpooled.copiedBuffer("second", StandardCharsets.US_ASCII);

    private Mono<Void> looked(Flux<DataBuffer> body, Function<ServerWebExchange, Mono<Void>> next) {
        return GatewayMesh.looked(
                MockServerWebExchange.from(
                        MockServerHttpRequest.method(HttpMethod.POST, "/x").body(body)),
                next);
    }

    private Flux<DataBuffer> body() {
        return Flux.just(first, second).map(buffers::wrap);
    }

    @Test
    void whereTheExchangeIsAnsweredWithoutItsBodyItsBeginningIsReleased() {
        looked(body(), exchange -> Mono.empty()).block(PATIENCE);

        assertThat(first.refCnt()).isZero();
    }

    @Test
    void whereTheExchangeFailsWithoutItsBodyItsBeginningIsReleased() {
        Mono<Void> failing = looked(body(), exchange -> Mono.error(new IllegalStateException("refused")));

        assertThatIllegalStateException().isThrownBy(() -> failing.block(PATIENCE));
        assertThat(first.refCnt()).isZero();
    }

    @Test
    void whereTheCallerGoesAwayTheExchangeEndsAndTheBeginningIsReleased() {
        AtomicBoolean ended = new AtomicBoolean();
        Disposable call = looked(
                        body().concatWith(Flux.never()),
                        exchange -> Mono.<Void>never().doOnCancel(() -> ended.set(true)))
                .subscribe();

        call.dispose();

        assertThat(ended).isTrue();
        assertThat(first.refCnt()).isZero();
    }

    @Test
    void whoeverReadsTheBodyGetsAllOfIt() {
        looked(body(), exchange -> {
                    assertThat(GatewayMesh.hasBody(exchange)).isTrue();
                    return DataBufferUtils.join(exchange.getRequest().getBody())
                            .doOnNext(whole -> assertThat(whole.toString(StandardCharsets.US_ASCII))
                                    .isEqualTo("firstsecond"))
                            .doOnNext(DataBufferUtils::release)
                            .then();
                })
                .block(PATIENCE);

        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
    }
}
