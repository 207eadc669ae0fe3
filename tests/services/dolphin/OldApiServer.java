import java.io.File;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.dolphinscheduler.api.ApiApplicationServer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * DolphinScheduler 2.0.5's API server and a registry in one process. A master stands in the registry in name only: schedules can be put
 * online, nothing fires. Arguments: the registry's port and its folder.
 */
public class OldApiServer {
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        File folder = new File(args[1]);
        NIOServerCnxnFactory registry = new NIOServerCnxnFactory();
        registry.configure(new InetSocketAddress("127.0.0.1", port), 100);
        registry.startup(new ZooKeeperServer(folder, folder, 2000));

        String address = "127.0.0.1:" + port;
        ZooKeeper session = new ZooKeeper(address, 60_000, event -> { });
        registerMaster(session);

        System.setProperty("registry.servers", address);
        try {
            new SpringApplicationBuilder(ApiApplicationServer.class).profiles("api", "harness").run();
        } catch (RuntimeException error) {
            error.printStackTrace();
            Runtime.getRuntime().halt(1); // the registry's threads would keep a dead server alive
        }
    }

    /** On port 1, where nobody listens: the API server tells every master of each write, and must not reach a real one. */
    private static void registerMaster(ZooKeeper session) throws Exception {
        String parent = "";
        for (String name : List.of("dolphinscheduler", "nodes", "master")) {
            parent = parent + "/" + name;
            session.create(parent, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        long now = System.currentTimeMillis();
        // cpu, memory, load, free memory, load limit, memory kept, started, reported, state, pid, weight, threads, waiting
        String heartbeat = String.join(",", "0.1", "0.2", "0.3", "4.0", "8.0", "0.3", "" + now, "" + now, "0", "1", "100", "10", "0");
        session.create(parent + "/127.0.0.1:1", heartbeat.getBytes(StandardCharsets.UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE,
            CreateMode.EPHEMERAL);
    }
}
