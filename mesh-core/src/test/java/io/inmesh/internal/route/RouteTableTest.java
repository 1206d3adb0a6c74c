package io.inmesh.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    private static final int PORT = 9080;

    private final RouteTable table = table(Map.of(
            "reviews.default.svc.cluster.local", List.of("10.96.0.7", "fd00::7"),
            "*.example.com", List.of(),
            "blocks.example.org", List.of("10.1.0.0/16", "::ffff:10.2.0.0/112", "2001:db8::/32")));

    private static RouteTable table(Map<String, List<String>> addresses) {
        Map<String, ServiceEndpoints> services = new LinkedHashMap<>();
        addresses.forEach((host, claimed) -> services.put(
                host,
                new ServiceEndpoints(
                        new ServiceName(host),
                        "default",
                        ServiceEndpoints.State.ENDPOINTS,
                        claimed,
                        List.of(new ServicePort(PORT, "http", "HTTP")),
                        Map.of(),
                        List.of())));
        return new RouteCompiler(WorkloadIdentity.DEFAULT, List.of(), services, new ArrayList<>()).compile();
    }

    @ParameterizedTest
    @CsvSource({
        "reviews, reviews.default.svc.cluster.local",
        "reviews:9080, reviews.default.svc.cluster.local",
        "REVIEWS.Default:1, reviews.default.svc.cluster.local",
        "reviews.default.svc.cluster.local., reviews.default.svc.cluster.local",
        "10.96.0.7:9080, reviews.default.svc.cluster.local",
        "[fd00::7], reviews.default.svc.cluster.local",
        "[FD00:0:0:0::7]:9080, reviews.default.svc.cluster.local",
        "a.Example.com:80, *.example.com",
        "10.1.2.3, blocks.example.org",
        "[::ffff:10.1.2.3]:80, blocks.example.org",
        "10.2.255.1:80, blocks.example.org",
        "[2001:db8:1::]:80, blocks.example.org",
        "example.com,",
        "reviews.,",
        "10.3.0.1,",
        "10.1.2.03,",
        "[10.1.2.3],",
        "2001:db8::1,",
        "[2001:db8::1,",
        ":9080,",
        "'',"
    })
    void findsAHostHoweverItIsWritten(String authority, String name) {
        VirtualHost found = table.find(authority, PORT);

        assertThat(found == null ? null : found.name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reviews", "reviews:9080", "10.96.0.7:9080"})
    void findsAHostAsTheTableHasItWithoutAllocation(String authority) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int found = find(authority, 20_000);

        long self = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(self);
        found += find(authority, 100_000);
        long bytes = threads.getThreadAllocatedBytes(self) - before;

        assertThat(found).isEqualTo(120_000);
        // The measurement itself may cost a little; one object for each would show with 1.6 MB.
        assertThat(bytes).isLessThan(100_000);
    }

    private int find(String authority, int times) {
        int found = 0;
        for (int i = 0; i < times; i++) {
            found += table.find(authority, PORT) == null ? 0 : 1;
        }
        return found;
    }
}
