package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import javax.net.SocketFactory;
import okhttp3.Address;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.ConnectionSpec;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Route;
import org.junit.jupiter.api.Test;

/** What is done where a call is none of OkHttp's own, or OkHttp does not let it be asked. */
class HiddenInternalsTest {
    private static final InetSocketAddress ONE = InetSocketAddress.createUnresolved("one", 1);
    private static final InetSocketAddress OTHER = InetSocketAddress.createUnresolved("other", 1);

    private final Call foreign = fake(Call.class, Map.of());

    private static <T> T fake(Class<T> type, Map<String, Object> answers) {
        InvocationHandler handler = (proxy, method, args) -> {
            Object answer = answers.get(method.getName());
            if (answer instanceof IOException failure) {
                throw failure;
            }
            return answer;
        };
        return type.cast(
                java.lang.reflect.Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Connection connection(EndpointSocketFactory sockets) throws IOException {
        Socket socket = sockets.createSocket();
        Address address = new Address(
                "reviews",
                9080,
                Dns.SYSTEM,
                sockets,
                null,
                null,
                null,
                Authenticator.NONE,
                null,
                List.of(Protocol.HTTP_1_1),
                List.of(ConnectionSpec.CLEARTEXT),
                ProxySelector.getDefault());
        Route route = new Route(address, Proxy.NO_PROXY, new InetSocketAddress("127.0.0.1", 1));
        return fake(Connection.class, Map.of("route", route, "socket", socket, "protocol", Protocol.HTTP_1_1));
    }

    @Test
    void aConnectionThatCannotBeGivenBackIsNotUsedForAnotherEndpoint() throws Exception {
        EndpointSocketFactory before = new EndpointSocketFactory(SocketFactory.getDefault(), ONE);
        AttemptTrace trace = AttemptTrace.ofOtherCalls();
        trace.begin(foreign, before);
        trace.connectionAcquired(foreign, connection(before));

        trace.begin(foreign, new EndpointSocketFactory(SocketFactory.getDefault(), ONE));
        assertThat(before.newest().isClosed()).isFalse();

        trace.begin(foreign, new EndpointSocketFactory(SocketFactory.getDefault(), OTHER));
        assertThat(before.newest().isClosed()).isTrue();
        before.newest().close();
    }

    @Test
    void theEventsSayWhichConnectionAForeignCallHolds() throws Exception {
        Connection told = connection(new EndpointSocketFactory(SocketFactory.getDefault(), ONE));

        assertThat(HeldConnection.of(foreign, told)).isSameAs(told);
        assertThat(HeldConnection.release(foreign)).isFalse();
    }

    @Test
    void aCallOfOkHttpHoldsNoneBeforeItRuns() {
        Call call = new OkHttpClient()
                .newCall(new Request.Builder().url("http://reviews/").build());

        assertThat(HeldConnection.of(call, null)).isNull();
        assertThat(HeldConnection.release(call)).isTrue();
    }

    @Test
    void whatAForeignCallIsBusyWithCannotBeCancelledAlone() {
        assertThat(RunningExchange.cancel(foreign, null)).isFalse();
        assertThat(RunningExchange.cancel(foreign, RunningExchange.of(foreign))).isFalse();
    }

    @Test
    void aCallOfOkHttpThatDoesNotTellItsExchangeCannotBeCancelledBelowItself() {
        Call call = new OkHttpClient()
                .newCall(new Request.Builder().url("http://reviews/").build());

        assertThat(RunningExchange.cancel(call, null)).isTrue();
        assertThat(RunningExchange.cancel(call, RunningExchange.of(foreign))).isFalse();
    }

    @Test
    void aForeignCallHasNoClientAndItsFailureNamesTheWayOut() {
        assertThat(Http2Sender.clientOf(foreign)).isNull();

        AttemptTrace trace = AttemptTrace.ofOtherCalls();
        trace.requestHeadersStart(foreign);
        Interceptor.Chain chain = fake(Interceptor.Chain.class, Map.of("proceed", new IOException("broken")));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Http2Sender.sendAnyway(
                        chain, new Request.Builder().url("http://reviews/").build(), trace, false))
                .withMessage("broken")
                .satisfies(failure -> assertThat(failure.getSuppressed()[0])
                        .hasMessageContaining("build the client with protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))"));
    }
}
