package io.inmesh.kubernetes.internal.map;

import static io.inmesh.kubernetes.internal.map.Objects.AROUND;
import static io.inmesh.kubernetes.internal.map.Objects.HTTP;
import static io.inmesh.kubernetes.internal.map.Objects.at80;
import static io.inmesh.kubernetes.internal.map.Objects.endpoint;
import static io.inmesh.kubernetes.internal.map.Objects.map;
import static io.inmesh.kubernetes.internal.map.Objects.notReady;
import static io.inmesh.kubernetes.internal.map.Objects.ready;
import static io.inmesh.kubernetes.internal.map.Objects.service;
import static io.inmesh.kubernetes.internal.map.Objects.slice;
import static io.inmesh.kubernetes.internal.map.Objects.sliceAt;
import static io.inmesh.kubernetes.internal.map.Objects.terminating;
import static io.inmesh.kubernetes.internal.map.Objects.typed;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.Service;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Slices that contradict each other: of a pod that moves, of an address with a new owner, of a pod with two families. */
class ContradictingSlicesTest {
    @Test
    void believesTheSliceThatChangedLastOfAPodThatMoves() {
        EndpointSlice old = sliceAt("2026-11-23T10:00:00Z", "db-9", ready("10.0.0.1", "u1"));
        EndpointSlice young = sliceAt("2026-11-23T10:00:05.5Z", "db-1", notReady("10.0.0.1", "u1"));

        assertThat(at80(old, young)).extracting(Endpoint::condition).containsExactly(Condition.NOT_READY);
        assertThat(at80(young, old)).extracting(Endpoint::condition).containsExactly(Condition.NOT_READY);
    }

    @Test
    void believesThatAPodIsReadyWhereTimesDoNotDecide() {
        EndpointSlice timed = sliceAt("2026-11-23T10:00:00Z", "db-1", notReady("10.0.0.1", "u1"));
        EndpointSlice untimed = slice("db-2", List.of(HTTP), ready("10.0.0.1", "u1"));
        EndpointSlice odd = sliceAt("yesterday", "db-3", notReady("10.0.0.1", "u1"));

        assertThat(at80(timed, untimed, odd)).extracting(Endpoint::condition).containsExactly(Condition.READY);
        assertThat(at80(odd, timed)).hasSize(1);
    }

    @Test
    void keepsTheIdOfAnEndpointThatMovesBetweenSlices() {
        String before = at80(slice("db-1", List.of(HTTP), ready("10.0.0.1", "u1")))
                .get(0)
                .id();
        String after = at80(slice("db-2", List.of(HTTP), ready("10.0.0.1", "u1")))
                .get(0)
                .id();
        String handMade =
                at80(slice("db-1", List.of(HTTP), ready("10.0.0.9"))).get(0).id();

        assertThat(after).isEqualTo(before).contains("u1");
        assertThat(at80(slice("db-7", List.of(HTTP), ready("10.0.0.9"))).get(0).id())
                .isEqualTo(handMade);
    }

    @Test
    void givesAReusedAddressToThePodThatIsReady() {
        // The ghost's slice is the newer one, which would decide if both were one pod.
        EndpointSlice ghost = sliceAt("2026-11-23T10:00:09Z", "db-1", terminating("10.0.0.1", "old"));
        EndpointSlice alive = sliceAt("2026-11-23T10:00:00Z", "db-2", ready("10.0.0.1", "new"));
        EndpointSlice readyGhost =
                sliceAt("2026-11-23T10:00:09Z", "db-3", endpoint("10.0.0.1", true, true, true, "", "", "published"));

        List<Endpoint> mapped = at80(ghost, alive, readyGhost);

        assertThat(mapped).hasSize(1);
        assertThat(mapped.get(0).id()).endsWith("/new");
        assertThat(mapped.get(0).condition()).isEqualTo(Condition.READY);
    }

    @Test
    void givesAReusedAddressANewId() {
        String old = at80(slice("db-1", List.of(HTTP), ready("10.0.0.1", "old")))
                .get(0)
                .id();

        assertThat(at80(slice("db-1", List.of(HTTP), ready("10.0.0.1", "new")))
                        .get(0)
                        .id())
                .isNotEqualTo(old);
    }

    @Test
    void makesTheSameTableWhateverTheOrderOfTheSlices() {
        List<EndpointSlice> slices = new ArrayList<>(List.of(
                sliceAt("2026-11-23T10:00:09Z", "db-1", terminating("10.0.0.1", "a"), ready("10.0.0.2", "b")),
                sliceAt("2026-11-23T10:00:00Z", "db-2", ready("10.0.0.1", "c"), notReady("10.0.0.2", "b")),
                sliceAt("", "db-3", ready("10.0.0.1", "d"), ready("10.0.0.2")),
                sliceAt("2026-11-23T10:00:09Z", "db-4", ready("10.0.0.1", "a"), ready("10.0.0.3", "b"))));
        ServiceEndpoints first = ServiceMapper.map(service(), slices, AROUND);
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(slices, random);
            assertThat(ServiceMapper.map(service(), slices, AROUND)).isEqualTo(first);
        }
    }

    @Test
    void countsAPodWithTwoFamiliesOnce() {
        EndpointSlice v4 = typed("IPv4", "a", ready("10.0.0.1", "u1"), ready("10.0.0.2", "u2"), ready("10.0.0.9"));
        EndpointSlice v6 = typed("IPv6", "b", ready("fd00::1", "u1"), ready("fd00::3", "u3"), ready("fd00::9"));
        Service v6First = service(service().ports(), List.of("IPv6", "IPv4"), "");

        assertThat(at80(v4, v6))
                .extracting(Endpoint::address)
                .containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2", "10.0.0.9", "fd00::3", "fd00::9");
        assertThat(map(v6First, v4, v6).endpoints().get(80))
                .extracting(Endpoint::address)
                .containsExactlyInAnyOrder("fd00::1", "10.0.0.2", "10.0.0.9", "fd00::3", "fd00::9");
    }
}
