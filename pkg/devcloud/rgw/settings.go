package rgw

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
)

// settings is the configuration file of all daemons. What stands there for a
// reason that its name does not say:
//
//   - ms_bind_msgr1: one port less.
//   - auth_*: without cephx the gateway does not start.
//   - tcp_nodelay: without it each GET waits for a delayed acknowledgement.
//   - rgw_sts_key: 16 characters, an AES-128 key that seals session tokens.
//   - mon_data_avail_crit: a disk that is nearly full shall not stop a test.
//   - rgw_enable_usage_log, rgw_run_sync_thread, the threads of collection
//     and of lifecycles: nobody asks for their work here.
func (s *Server) settings(id, monPort, port string) []byte {
	key := make([]byte, 8)
	_, _ = rand.Read(key) // never fails (Go 1.24)
	return []byte(strings.NewReplacer(
		"@dir@", s.config.Dir, "@id@", id, "@mon@", monPort, "@port@", port, "@key@", hex.EncodeToString(key),
	).Replace(configuration))
}

const configuration = `[global]
fsid = @id@
mon_initial_members = a
mon_host = v2:127.0.0.1:@mon@
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
auth_allow_insecure_global_id_reclaim = false
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_data = @dir@/mon
osd_data = @dir@/osd
run_dir = @dir@/run
admin_socket = @dir@/run/$name.asok
pid_file = @dir@/run/$name.pid
log_file = @dir@/log/$name.log
log_to_stderr = false
client_mount_timeout = 60
keyring = @dir@/keyring
ms_bind_msgr1 = false
[mon]
mon_cluster_log_file = @dir@/log/cluster.log
mon_osd_initial_require_min_compat_client = luminous
mon_data_avail_crit = 1
[osd]
osd_objectstore = memstore
memstore_device_bytes = 4294967296
osd_memory_target = 939524096
[client.rgw]
rgw_data = @dir@/rgw
rgw_frontends = beast endpoint=127.0.0.1:@port@ tcp_nodelay=1
rgw_s3_auth_use_sts = true
rgw_sts_key = @key@
rgw_rados_pool_pg_num_min = 4
rgw_enable_usage_log = false
rgw_run_sync_thread = false
`
