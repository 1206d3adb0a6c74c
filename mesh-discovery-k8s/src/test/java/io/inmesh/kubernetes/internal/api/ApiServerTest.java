package io.inmesh.kubernetes.internal.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.kubernetes.testing.SkippingTiming;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.credentials.AccessTokenAuthentication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reading the configuration takes its time, as with a credential plugin that waits for somebody to log in. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ApiServerTest {
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch loggedIn = new CountDownLatch(1);
    private final AtomicInteger reads = new AtomicInteger();
    private final List<Thread> callers = new ArrayList<>();
    private final ScriptedApiServer server = ScriptedApiServer.start();

    @AfterEach
    void end() throws InterruptedException {
        loggedIn.countDown();
        for (Thread caller : callers) {
            caller.join(TimeUnit.SECONDS.toMillis(20));
            assertThat(caller.isAlive()).as("a caller that waits for ever").isFalse();
        }
        server.close();
    }

    @Test
    void closingWaitsForNobodyWhoReads() throws Exception {
        ApiServer api = new ApiServer(this::afterLogin);
        FutureTask<ApiResponse> reader = call(api);
        reading.await();
        FutureTask<ApiResponse> waiter = call(api);

        api.close();

        assertClosed(waiter);
        assertThat(reader.isDone()).as("the reading goes on").isFalse();
        loggedIn.countDown();
        assertClosed(reader);
        assertClosed(call(api));
        assertThat(reads).as("read once").hasValue(1);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void closingWaitsForNobodyWhoReadsAnew() throws Exception {
        server.acceptsTokens("new");
        SkippingTiming timing = new SkippingTiming(1);
        ApiServer api = new ApiServer(() -> reads.getAndIncrement() == 0 ? withToken("old") : afterLogin(), timing);
        assertThatThrownBy(call(api)::get).as("read a moment ago").hasMessageContaining("401");
        timing.sleep(Duration.ofMinutes(1));
        FutureTask<ApiResponse> reader = call(api);
        reading.await();

        api.close();

        loggedIn.countDown();
        assertThatThrownBy(reader::get).hasMessageContaining("401");
        assertClosed(call(api));
        assertThat(server.requests()).as("none with the new credentials").hasSize(2);
    }

    @Test
    void closingInterruptsWhoReads() throws Exception {
        ApiServer api = new ApiServer(() -> {
            reading.countDown();
            new CountDownLatch(1).await();
            throw new IllegalStateException("unreachable");
        });
        FutureTask<ApiResponse> reader = call(api);
        reading.await();

        api.close();

        assertThatThrownBy(reader::get).hasMessageContaining("InterruptedException");
    }

    private ApiClient afterLogin() {
        reads.incrementAndGet();
        reading.countDown();
        boolean over = false;
        while (!over) {
            try {
                loggedIn.await();
                over = true;
            } catch (InterruptedException ignored) {
                // Nor does a read from a plugin's output end with an interrupt.
            }
        }
        return withToken("new");
    }

    private ApiClient withToken(String token) {
        ApiClient client = new ApiClient().setBasePath(server.url());
        new AccessTokenAuthentication(token).provide(client);
        return client;
    }

    private FutureTask<ApiResponse> call(ApiServer api) {
        Duration enough = Duration.ofSeconds(20);
        ApiRequest request = new ApiRequest("/api/v1/pods", Map.of(), "application/json", enough, enough);
        FutureTask<ApiResponse> task = new FutureTask<>(() -> api.call(request).execute());
        Thread caller = new Thread(task, "caller");
        callers.add(caller);
        caller.start();
        return task;
    }

    private static void assertClosed(FutureTask<ApiResponse> call) {
        assertThatThrownBy(call::get).hasMessageContaining("the connection to the API server is closed");
    }
}
