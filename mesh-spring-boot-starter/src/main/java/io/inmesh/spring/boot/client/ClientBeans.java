package io.inmesh.spring.boot.client;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The HTTP clients among the beans of an application, and what became of each. Thread-safe. */
public final class ClientBeans {
    private final Map<String, ClientBean> beans = new ConcurrentSkipListMap<>();

    ClientBeans() {}

    /**
     * One bean.
     *
     * @param name of the bean; of all that a scope makes under one name the last one counts
     * @param type class of what was made
     * @param leftAlone why its calls do not go by the mesh; null where those to hosts that the mesh knows do
     * @param remark what holds for its calls by the mesh only in part; null for nothing
     */
    public record ClientBean(
            String name,
            String type,
            @Nullable String leftAlone,
            @Nullable String remark) {
        /** Whether calls to hosts that the mesh knows go by it. */
        public boolean meshed() {
            return leftAlone == null;
        }
    }

    /** Notes what became of a bean. */
    public void add(ClientBean bean) {
        beans.put(bean.name(), bean);
    }

    /** Notes a bean that stands for those that a scope makes, unless it has made one. */
    void addToBeMade(ClientBean proxy) {
        beans.putIfAbsent(proxy.name(), proxy);
    }

    /** All that were made so far, by name. */
    public List<ClientBean> list() {
        return List.copyOf(beans.values());
    }
}
